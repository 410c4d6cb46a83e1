"""Questions made unanswerable: the same words, but nothing in the passage answers any more.

After SQuAD 2.0's own classes (Rajpurkar et al. 2018: negation, antonym, entity swap, mutual
exclusion, impossible condition) and Gautam et al. 2023 (antonyms and entity swaps teach abstention
nearly as well as generated questions). Some rules change the passage in place of the question, so
that the model can't tell a corrupted pair by its unnatural question alone.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from training.wordnet import WordNet

QUESTION_WORDS = frozenset(
    "what who whom whose when where which why how name in on at the a an is are was were did does "
    "do can could would should has have had by for from during after before according if to of as "
    "with about besides i it they he she we you there this that".split()
)

OPPOSITES = {
    "first": "last", "last": "first", "most": "least", "least": "most", "before": "after",
    "after": "before", "more": "fewer", "less": "more", "largest": "smallest", "highest": "lowest",
    "smallest": "largest", "lowest": "highest", "oldest": "newest", "earliest": "latest",
    "biggest": "smallest", "best": "worst", "began": "ended", "begin": "end", "ended": "began",
    "started": "stopped", "increase": "decrease", "increased": "decreased", "won": "lost",
    "win": "lose", "lost": "won", "allowed": "forbidden", "accepted": "rejected", "born": "buried",
    "north": "south", "south": "north", "east": "west", "west": "east", "founded": "dissolved",
    "opened": "closed", "above": "below", "father": "son", "mother": "daughter", "wife": "sister",
    "husband": "brother", "built": "destroyed", "bought": "sold", "joined": "left", "men": "women",
    "women": "children", "male": "female", "female": "male", "wrote": "banned", "killed": "saved",
    "supported": "opposed", "opposed": "supported", "rise": "fall", "rose": "fell", "king": "queen",
    "released": "withdrawn", "created": "abolished", "second": "third", "third": "fourth",
    "minimum": "maximum", "maximum": "minimum", "early": "late", "late": "early",
}  # fmt: skip

NEGATIONS = (
    (r"\b(did|does|do|could|would|should|can|has|have|had) ", r"\1 not "),
    (r"\b(was|were|is|are) ", r"\1 not "),
    (r"\b(was|were|is|are) ", r"\1 never "),
    (r"\b(did|does|do|could|would|should|was|were|is|are|has|have|had) ", r"\1n't "),
)

NAME = re.compile(r"\b[A-Z][\w'’-]+(?:(?: of the| of| the)? [A-Z][\w'’-]+)*")
NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b|\b1[0-9]{3}\b|\b20[0-9]{2}\b")
YEAR = re.compile(r"^(1[0-9]{3}|20[0-9]{2})$")


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage that answers it at ``start``:``end``."""

    question: str
    passage: str
    start: int
    end: int

    @property
    def answer(self) -> str:
        """The answering words."""
        return self.passage[self.start : self.end]


Rule = Callable[[Pair, random.Random], tuple[str, str] | None]


class Corruptor:
    """Makes (question, passage) pairs that no longer answer; ``names`` are entities of other texts.

    What is made is not checked by a person: a few in a hundred remain answerable.
    """

    def __init__(self, wordnet: WordNet, names: list[str]) -> None:
        self.wordnet = wordnet
        self.names = names
        self.rules: list[tuple[str, float, Rule]] = [
            ("name", 5, self.swap_name),
            ("number", 4, swap_number),
            ("opposite", 5, self.use_opposite),
            ("sister", 3, self.use_sister),
            ("noun", 2.5, self.use_noun_of_passage),
            ("negate", 1.2, negate),
            ("roles", 2, exchange_roles),
            ("passage_name", 4, self.swap_name_in_passage),
            ("passage_number", 2, swap_number_in_passage),
        ]

    def corrupt(self, pair: Pair, draw: random.Random) -> tuple[str, str, str] | None:
        """(rule, question, passage) by a rule that applies, drawn by weight; None if none does."""
        rules = list(self.rules)
        while rules:
            rule = draw.choices(rules, [weight for _, weight, _ in rules])[0]
            made = rule[2](pair, draw)
            if made and made != (pair.question, pair.passage):
                return rule[0], *made
            rules.remove(rule)
        return None

    def swap_name(self, pair: Pair, draw: random.Random) -> tuple[str, str] | None:
        """A name in the question becomes another one, more often of the passage than not."""
        found = find_names(pair.question)
        if not found:
            return None
        old = draw.choice(found)
        near = [n for n in find_names(pair.passage) if is_other(n, pair.question)]
        near = [n for n in near if is_other(n, pair.answer)]
        pool = near if near and draw.random() < 0.65 else self.draw_names(draw)
        pool = [n for n in pool if is_other(n, pair.question)]
        if not pool:
            return None
        pool.sort(key=lambda n: abs(len(n.split()) - len(old.split())))
        return replace_word(pair.question, old, draw.choice(pool[:4])), pair.passage

    def draw_names(self, draw: random.Random) -> list[str]:
        """Twenty of the names, or all when there are fewer."""
        return draw.sample(self.names, min(20, len(self.names)))

    def swap_name_in_passage(self, pair: Pair, draw: random.Random) -> tuple[str, str] | None:
        """A name of the question becomes another one everywhere in the passage."""
        found = [n for n in find_names(pair.question) if n in pair.passage and n not in pair.answer]
        pool = [n for n in self.draw_names(draw) if is_other(n, pair.passage)]
        if not found or not pool:
            return None
        old = draw.choice(found)
        pool.sort(key=lambda n: abs(len(n.split()) - len(old.split())))
        passage = pair.passage
        for part in {old, *[w for w in old.split() if len(w) > 3 and w[0].isupper()]}:
            passage = replace_word(passage, part, pool[0])
        return pair.question, passage

    def use_opposite(self, pair: Pair, draw: random.Random) -> tuple[str, str] | None:
        """A word of the question becomes its antonym."""
        words = re.findall(r"\b[a-z]{3,}\b", pair.question)
        draw.shuffle(words)
        for word in words:
            if word in QUESTION_WORDS and word not in OPPOSITES:
                continue
            opposites = sorted(self.wordnet.antonyms.get(word, ()))
            other = OPPOSITES.get(word) or (draw.choice(opposites) if opposites else "")
            if other and other not in pair.question:
                return replace_word(pair.question, word, other), pair.passage
        return None

    def use_sister(self, pair: Pair, draw: random.Random) -> tuple[str, str] | None:
        """A noun of the question becomes a sister term: another kind of the same thing."""
        words = [w for w in re.findall(r"\b[a-z]{4,}\b", pair.question) if w not in QUESTION_WORDS]
        draw.shuffle(words)
        for word in words:
            noun = word if word in self.wordnet.nouns else word.removesuffix("s")
            sisters = self.wordnet.sisters(noun)
            if sisters:
                other = draw.choice(sisters) + ("s" if noun != word else "")
                return replace_word(pair.question, word, other), pair.passage
        return None

    def use_noun_of_passage(self, pair: Pair, draw: random.Random) -> tuple[str, str] | None:
        """A noun of the question becomes another noun of the passage."""
        asked = self._nouns(pair.question)
        near = [w for w in self._nouns(pair.passage) if w not in pair.question.lower()]
        near = [w for w in near if w not in pair.answer.lower()]
        if not asked or not near:
            return None
        return replace_word(pair.question, draw.choice(asked), draw.choice(near)), pair.passage

    def _nouns(self, text: str) -> list[str]:
        words = re.findall(r"(?<![A-Z])\b[a-z]{4,}\b", text)
        return [
            w
            for w in words
            if w not in QUESTION_WORDS
            and (w in self.wordnet.nouns or w.removesuffix("s") in self.wordnet.nouns)
        ]


def find_names(text: str) -> list[str]:
    """Runs of capitalised words, without a question word or article at the start."""
    names = []
    for match in NAME.finditer(text):
        words = match.group().split()
        while words and words[0].lower() in QUESTION_WORDS:
            words.pop(0)
        at_start = match.start() == 0 or text[max(0, match.start() - 2)] in ".!?"
        if words and not (at_start and len(words) == 1 == len(match.group().split())):
            names.append(" ".join(words))
    return names


def is_other(name: str, text: str) -> bool:
    """Whether no word of ``name`` stands in ``text``."""
    lowered = text.lower()
    return not any(len(w) > 2 and w.lower() in lowered for w in name.split())


def replace_word(text: str, old: str, new: str) -> str:
    """``text`` with every whole ``old`` as ``new``."""
    return re.sub(rf"\b{re.escape(old)}\b", lambda _: new, text)


def swap_number(pair: Pair, draw: random.Random) -> tuple[str, str] | None:
    """A number or year of the question becomes another one, of the passage where it has one."""
    found = NUMBER.findall(pair.question)
    if not found:
        return None
    old = draw.choice(found)
    return replace_word(pair.question, old, another_number(old, pair, draw)), pair.passage


def swap_number_in_passage(pair: Pair, draw: random.Random) -> tuple[str, str] | None:
    """A number of the question becomes another one in the passage."""
    found = [n for n in NUMBER.findall(pair.question) if n in pair.passage and n not in pair.answer]
    if not found:
        return None
    old = draw.choice(found)
    return pair.question, replace_word(pair.passage, old, another_number(old, pair, draw))


def another_number(old: str, pair: Pair, draw: random.Random) -> str:
    """A number of the same shape as ``old``: year for year."""
    is_year = bool(YEAR.match(old))
    near: list[str] = [
        n
        for n in NUMBER.findall(pair.passage)
        if bool(YEAR.match(n)) == is_year and n not in pair.question and n not in pair.answer
    ]
    if near and draw.random() < 0.6:
        return draw.choice(near)
    if is_year:
        return str(int(old) + draw.choice((-1, 1)) * draw.choice((1, 2, 3, 5, 8, 10, 20, 50, 100)))
    digits = re.sub(r"\d", lambda m: str((int(m.group()) + draw.randint(1, 8)) % 10), old)
    return "1" + digits[1:] if digits.startswith("0") else digits


def negate(pair: Pair, draw: random.Random) -> tuple[str, str] | None:
    """The question is negated."""
    if re.search(r"\bnot\b|n't|\bnever\b", pair.question):
        return None
    rules = list(NEGATIONS)
    draw.shuffle(rules)
    for pattern, replacement in rules:
        made, count = re.subn(pattern, replacement, pair.question, count=1)
        if count:
            return made, pair.passage
    return None


def exchange_roles(pair: Pair, draw: random.Random) -> tuple[str, str] | None:
    """Two names of the question change places."""
    names = sorted(set(find_names(pair.question)))
    if len(names) < 2:
        return None
    first, second = draw.sample(names, 2)
    if first in second or second in first:
        return None
    marked = replace_word(pair.question, first, "\0")
    return replace_word(marked, second, first).replace("\0", second), pair.passage
