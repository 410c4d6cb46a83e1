"""Examples for the reader: windows that answer, hard windows that don't, corrupted questions.

Writes ``examples.jsonl``, one group a line: the items of a group stand in one training batch, so
that the model sees a question answered and the nearly same thing unanswered side by side.
"""

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

from index.text.stopwords import is_stop_word
from training import sources
from training.corrupt import Corruptor, Pair, find_names
from training.items import Item, put_title
from training.mix import MIX, Mix
from training.restate import (
    change_office,
    correct,
    negate_sentence,
    report,
    shorten_names,
    type_hastily,
    undo,
)
from training.retrieve import PassageIndex
from training.reword import Reworder
from training.sources import Question, normalise
from training.stories import make_story_groups, read_stories, split_stories
from training.windows import cut_windows, draw_window, split_sentences
from training.wordnet import WordNet

SEED = 20080917


WINDOW_WORDS = (40, 70, 100, 120, 140, 165, 190)
"""About how many words a window has, all as likely; the library's passages have about 120, and
what the reader reads at once at most 256 word pieces."""

SAME_ARTICLE_SHARE = 0.5
"""How many of the hard windows come from the answer's own article, where it has other contexts."""

REWORDED_SHARE = 0.25
"""How many of the questions that are answered are said otherwise, where a rule applies.

Their hard and cut windows are asked the same: how a question is said must not tell them apart."""

PREFACED_SHARE = 0.06
"""How many groups are asked with a sentence of the article before the question, so that questions
longer than the sets have are read too; all of a group are, for length must not tell them apart."""

PREFACE_WORDS = (8, 40)
"""The fewest and the most words of such a sentence."""

KEYWORDS_SHARE = 0.1
"""How many groups are also asked by the question's content words: people type those too."""

HASTY_SHARE = 0.15
"""How many groups are asked as people type in haste; all of a group are."""

CORRECTED_SHARE = 0.18
"""How many groups have the passage with a corrected value too, where the answer is a value."""

OFFICES = ("leader", "official", "officer", "administrator")
"""What an office is a kind of."""

UNREPORTED = ("squadshifts_reddit", "squadshifts_amazon", "subjqa", "policyqa", "fairytaleqa")
"""Sets of texts that nobody corrects, denies or confirms."""

REPORTED_SHARE = 0.1
UNDONE_SHARE = 0.05
NEGATED_SHARE = 0.1
OFFICE_SHARE = 0.4
"""How many groups have the passage with its answer denied, called off or negated, or with another
office ("deputy" for the mayor), where that can be done; in two of five it is confirmed, or the
question is about just that, so that it answers."""

SHORTENED_SHARE = 0.3
"""How many passages that answer name by the last word alone whom the question names in full."""

NAMED = ("squad_train_du", "squadshifts_new_wiki", "nq_oracle", "timeqa_train")
"""Sets that name their articles."""

TITLED_SHARE = 0.4
"""How many groups of these have their articles' titles before the passages."""

SENTENCE_PAIRS = 2500
UNANSWERABLE_SHARE = 0.6


def main() -> None:
    """Write the examples and the development questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    parser.add_argument("--work", type=Path, default=Path("training/work"))
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--first", type=int, default=0, help="number of the first epoch")
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the sets' questions, beside all of the stories"
    )
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    prepare_examples(options.data, options.work, options.epochs, options.first, options.share)


def prepare_examples(
    data: Path, work: Path, epochs: int, first: int = 0, share: float = 1.0
) -> None:
    """``examples.jsonl`` (training) and ``development.jsonl`` in ``work``, from ``data/train``.

    The stories of this folder are in it too; ``share`` is of the rest.
    """
    questions = sources.leave_out_evaluation(sources.read_questions(data / "train"), data)
    training, development = sources.split_development(questions)
    with (work / "development.jsonl").open("w", encoding="utf-8") as out:
        for question in development:
            out.write(json.dumps(asdict(question), ensure_ascii=False) + "\n")
    asked, _ = sources.read_evaluation_texts(data)
    held = {normalise(q.text) for q in development} | asked
    pairs = sources.read_sentence_pairs(data / "train" / "reqa_squad_pairs.jsonl")
    pairs = [pair for pair in pairs if normalise(pair[0]) not in held]
    judged = sources.read_judged_sentences(data / "train" / "trecqa_train")
    maker = ExampleMaker(training, pairs, judged)
    stories, _ = split_stories(read_stories())
    counts: Counter[str] = Counter()
    partial = work / "examples.partial"
    with partial.open("w", encoding="utf-8") as out:
        for epoch in range(first, first + epochs):
            draw = random.Random(SEED + 200 + epoch)
            every = maker.make_epoch(random.Random(SEED + epoch))
            groups = [group for group in every if draw.random() < share]
            groups += make_story_groups(stories, WINDOW_WORDS, draw)
            random.Random(SEED + 100 + epoch).shuffle(groups)
            for group in groups:
                counts.update(item.kind for item in group)
                rows = [list(asdict(item).values()) for item in group]
                out.write(json.dumps(rows, ensure_ascii=False) + "\n")
    partial.replace(work / "examples.jsonl")
    print(f"{len(training)} training, {len(development)} development questions; items: {counts}")


class ExampleMaker:
    """Groups of items from training questions; every draw comes from the generator given."""

    def __init__(
        self,
        questions: list[Question],
        pairs: list[tuple[str, str]],
        judged: list[tuple[str, list[tuple[str, bool]]]],
    ) -> None:
        self.questions = questions
        self.pairs = pairs
        self.judged = judged
        contexts = sorted({q.context for q in questions})
        self.named = {q.context: q.title for q in questions if q.source in NAMED}
        self.titles = sorted(set(self.named.values()))
        windows = [(c[w.start : w.end], c) for c in contexts for w in cut_windows(c, 110)]
        self.passages = [window for window, _ in windows]
        self.named |= {window: self.named[c] for window, c in windows if c in self.named}
        self.index = PassageIndex(self.passages)
        self.sentences = PassageIndex([sentence for _, sentence in pairs])
        names = [n for c in contexts if len(c) > 200 for n in find_names(c)]
        wordnet = WordNet()
        self.corruptor = Corruptor(wordnet, sorted(set(names)))
        self.offices = wordnet.kinds_of(*OFFICES)
        self.reworder = Reworder(wordnet)
        self.short = sorted({q.context for q in questions if q.source.startswith("qamr")})
        self.beside = list_neighbours(questions)

    def make_epoch(self, draw: random.Random) -> Iterator[list[Item]]:
        """One pass over the sets in their shares, unshuffled."""
        by_source: dict[str, list[Question]] = defaultdict(list)
        for question in self.questions:
            by_source[question.source].append(question)
        for source, mix in MIX.items():
            for question in by_source[source]:
                share = mix.share if question.answers else UNANSWERABLE_SHARE
                if draw.random() < share:
                    group = self.make_group(question, mix, draw)
                    if group:
                        yield group
        for asked, sentence in draw.sample(self.pairs, min(SENTENCE_PAIRS, len(self.pairs))):
            wrong = [s for s in self.sentences.search(asked, 4) if s != sentence]
            group = [Item(asked, sentence, 0, 0, "relevant")]
            yield group + [Item(asked, s, 0, 0, "hard") for s in wrong[:1]]
        for asked, texts in self.judged:
            right = [t for t, good in texts if good]
            wrong = [t for t, good in texts if not good]
            if right and wrong:
                group = [Item(asked, draw.choice(right), 0, 0, "relevant")]
                picked = draw.sample(wrong, min(3, len(wrong)))
                yield group + [Item(asked, t, 0, 0, "hard") for t in picked]

    def make_group(self, question: Question, mix: Mix, draw: random.Random) -> list[Item]:
        """The window that answers and its negatives; empty when no window can be cut."""
        words = draw.choice(WINDOW_WORDS)
        context, (start, answer) = question.context, draw_answer(question)
        if not question.answers:
            first = draw.choice(cut_windows(context, words))
            passage = context[first.start : first.end]
            return [Item(question.text, passage, 0, 0, "unanswerable")]
        if question.source.startswith("qamr") and draw.random() < 0.6:
            context, start = self.surround(context, start, draw)
        elif len(context.split()) < 0.8 * words:
            context, start = self.lengthen(question, start, words, draw)
        window = draw_window(context, start, start + len(answer), words, draw)
        if window is None:
            return []
        passage = context[window.start : window.end]
        pair = Pair(
            question.text, passage, start - window.start, start - window.start + len(answer)
        )
        asked = pair.question
        if draw.random() < REWORDED_SHARE:
            asked = self.reworder.reword(asked, draw)
        preface = ""
        if draw.random() < PREFACED_SHARE:
            texts = [question.context, *self.find_neighbours(question)[:3]]
            preface = draw_preface(texts, question, draw)
        asked = preface + asked
        if draw.random() < SHORTENED_SHARE:
            pair = shorten_names(pair, draw) or pair
        group = [Item(asked, pair.passage, pair.start, pair.end, "span")]
        named: dict[str, str] = {}
        for _ in range(draw_count(mix.hard, draw)):
            wrong = self.draw_hard(question, words, draw)
            if wrong:
                named[wrong[0]] = wrong[1]
                group.append(Item(asked, wrong[0], 0, 0, "hard"))
        for _ in range(draw_count(mix.corrupted, draw)):
            made = self.corruptor.corrupt(pair, draw)
            if made:
                group.append(Item(preface + made[1], made[2], 0, 0, "corrupted"))
        if not question.source.startswith(UNREPORTED):
            group += self.restate(pair, asked, preface, draw)
        if draw.random() < mix.cut:
            rest = cut_answer(passage, question)
            if rest:
                group.append(Item(asked, rest, 0, 0, "cut"))
        if draw.random() < KEYWORDS_SHARE:
            typed = keep_keywords(question.text)
            texts = [item.passage for item in group if item.kind in ("span", "hard")]
            group += [Item(typed, text, 0, 0, "keywords") for text in texts]
        if draw.random() < HASTY_SHARE:
            seed = draw.random()
            group = [
                replace(item, question=type_hastily(item.question, random.Random(seed)))
                for item in group
            ]
        if question.source in NAMED and draw.random() < TITLED_SHARE:
            group = [put_title(item, named.get(item.passage, question.title)) for item in group]
        return group

    def restate(self, pair: Pair, asked: str, preface: str, draw: random.Random) -> Iterator[Item]:
        """The passage with its answer corrected, denied or confirmed, now and then."""
        if draw.random() < CORRECTED_SHARE:
            made = correct(pair, self.corruptor.names, draw)
            if made:
                asking = asked if made.question == pair.question else preface + made.question
                yield Item(asking, made.passage, made.start, made.end, "restated")
        changes: tuple[tuple[float, Callable[[bool], Pair | None]], ...] = (
            (REPORTED_SHARE, lambda answers: report(pair, draw, denied=not answers)),
            (UNDONE_SHARE, lambda answers: undo(pair, draw, undone=not answers)),
            (NEGATED_SHARE, lambda answers: negate_sentence(pair, draw, asked=answers)),
            (OFFICE_SHARE, lambda answers: change_office(pair, self.offices, draw, asked=answers)),
        )
        for share, change in changes:
            if draw.random() >= share:
                continue
            answers = draw.random() < 0.4
            made = change(answers)
            if made:
                asking = asked if made.question == pair.question else preface + made.question
                span = (made.start, made.end) if answers else (0, 0)
                kind = "restated" if answers else "corrupted"
                yield Item(asking, made.passage, *span, kind)

    def surround(self, sentence: str, start: int, draw: random.Random) -> tuple[str, int]:
        """A one-sentence context among sentences of other texts, and where ``start`` went."""
        before = "".join(text + " " for text in draw.sample(self.short, draw.randint(0, 2)))
        after = "".join(" " + text for text in draw.sample(self.short, draw.randint(0, 2)))
        return before + sentence + after, start + len(before)

    def lengthen(
        self, question: Question, start: int, words: int, draw: random.Random
    ) -> tuple[str, int]:
        """The context among texts of its article (or like ones), and where ``start`` went.

        Texts that hold an answer are not taken, so that the only answer stays the one marked.
        """
        texts = [t for t in self.find_neighbours(question) if not holds_answer(t, question)]
        if not texts:
            return question.context, start
        text = draw.choice(texts)
        joint = "\n\n" if draw.random() < 0.5 else " "
        if draw.random() < 0.5:
            before = text + joint
            return before + question.context, len(before) + start
        return question.context + joint + text, start

    def find_neighbours(self, question: Question) -> list[str]:
        """The other contexts of the question's article; those nearest in words where none is."""
        beside = self.beside[question.source, question.article]
        others = [text for text in beside if text != question.context]
        return others or self.index.search(question.context[:300], 4)[1:]

    def draw_hard(
        self, question: Question, words: int, draw: random.Random
    ) -> tuple[str, str] | None:
        """A window near the question that holds none of its answers, and its article's title.

        It is of the same article, the nearest in words first, or what BM25 ranks high in all.
        """
        beside = self.beside[question.source, question.article]
        texts: list[str] = []
        if len(beside) > 1 and draw.random() < SAME_ARTICLE_SHARE:
            asked = set(normalise(question.text).split())
            beside = draw.sample(beside, min(8, len(beside)))
            beside.sort(key=lambda t: -len(asked & set(normalise(t).split())))
            texts = [t for t in beside if not holds_answer(t, question)][:2]
        if not texts:
            found = self.index.search(question.text, 12)
            texts = [t for t in found if not holds_answer(t, question)][:6]
        if not texts:
            return None
        passage = draw.choice(texts)
        title = self.named.get(passage) or draw.choice(self.titles or [""])
        if len(passage.split()) < 0.7 * words and len(texts) > 1:
            passage += " " + draw.choice([t for t in texts if t is not passage])
        window = draw.choice(cut_windows(passage, words))
        return passage[window.start : window.end], title


def list_neighbours(questions: list[Question]) -> dict[tuple[str, str], list[str]]:
    """The distinct contexts of every article, by (set, article); none for single sentences."""
    beside: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for question in questions:
        if not question.source.startswith(("qamr", "squadshifts_reddit", "subjqa")):
            beside[question.source, question.article][question.context] = None
    return defaultdict(list, {key: list(texts) for key, texts in beside.items()})


def holds_answer(text: str, question: Question) -> bool:
    """Whether one of the question's answers stands in ``text``, as whole words."""
    words = f" {normalise(text)} "
    return any(f" {normalise(answer)} " in words for _, answer in question.answers)


def draw_answer(question: Question) -> tuple[int, str]:
    """The answer most annotators gave, the shortest among equals; (0, "") when there is none."""
    if not question.answers:
        return 0, ""
    counts = Counter(normalise(text) for _, text in question.answers)
    return min(question.answers, key=lambda a: (-counts[normalise(a[1])], len(a[1])))


def keep_keywords(question: str) -> str:
    """The question as someone types it who knows search engines: content words, lower case."""
    words = normalise(question).split()
    return " ".join(word for word in words if not is_stop_word(word)) or normalise(question)


def draw_preface(texts: Iterable[str], question: Question, draw: random.Random) -> str:
    """A sentence of the texts that holds no answer, and a space; empty without one."""
    sentences = [text[s.start : s.end].strip() for text in texts for s in split_sentences(text)]
    least, most = PREFACE_WORDS
    fitting = [
        sentence
        for sentence in sentences
        if least <= len(sentence.split()) <= most and not holds_answer(sentence, question)
    ]
    return f"{draw.choice(fitting)} " if fitting else ""


def draw_count(mean: float, draw: random.Random) -> int:
    """A whole number around ``mean``: its floor, or one more."""
    return int(mean) + (draw.random() < mean - int(mean))


def cut_answer(passage: str, question: Question) -> str:
    """``passage`` without the sentences that hold an answer; empty when little is left."""
    answers = [normalise(text) for _, text in question.answers]
    kept = [
        passage[s.start : s.end]
        for s in split_sentences(passage)
        if not any(f" {a} " in f" {normalise(passage[s.start : s.end])} " for a in answers)
    ]
    rest = "".join(kept)
    return rest if len(rest.split()) >= 15 else ""


if __name__ == "__main__":
    main()
