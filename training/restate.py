"""Passages that correct, deny or confirm what they say, and questions as people type them.

News corrects itself: "3,140, not 2,300"; "put off from 2027 to 2028"; "denied that". Question sets
made on encyclopedias hardly have such passages, so a reader takes whichever value stands nearest to
the question's words. Here a value of a passage that answers gets a wrong one beside it, with words
that say which of them holds, and a sentence becomes what somebody denies or confirms. Both ways are
made of the same frames, so that it is their sense that tells, not that there is one.
"""

import random
import re
from collections.abc import Container
from dataclasses import replace

from index.text.stems import same_word
from index.text.stopwords import is_stop_word
from training.corrupt import NAME, NUMBER, Pair, another_number, find_names, is_other
from training.windows import split_sentences

LONGEST_ANSWER = 5
"""Words of an answer beside which a wrong one is put."""

LONGEST_SENTENCE = 45

BESIDE = (
    "{new}, not {old},",
    "not {old} but {new}",
    "{new} (not {old})",
    "{new} instead of {old}",
    "{new} rather than {old}",
    "{new} – not {old}, as had been reported –",
    "{new}, and not {old} as earlier,",
    "{new} (earlier: {old})",
    "{new}, up from {old},",
    "{new}, after {old} had been named at first,",
)
"""In place of the answer, in its own sentence."""

AFTER = (
    "Correction: it was {new}, not {old}.",
    "Correction: an earlier version of this article said {old} instead of {new}.",
    "An earlier version of this report gave {old}; the right one is {new}.",
    "In fact it was {new}, not {old}.",
    "That was later corrected to {new}.",
    "This has since been changed from {old} to {new}.",
    "Please read {new} instead of {old}.",
    "It is now {new}.",
    "Later reports said {new}.",
    "It later became {new} instead.",
    "Since then it has gone from {old} to {new}.",
    "It was changed from {old} to {new}.",
)
"""After a sentence that says the old value."""

OF_NUMBERS = (
    "It was put off from {old} to {new}.",
    "It was cut from {old} to {new}.",
    "It has been raised from {old} to {new}.",
    "From {old} it rose to {new}.",
    "On appeal {old} became {new}.",
)
OF_NAMES = (
    "{new}, who succeeded {old}, said little.",
    "{new} has since taken over from {old}.",
    "{old} was later replaced by {new}.",
    "{new} came in place of {old}.",
    "{old} was followed by {new}.",
    "It is {new} now, no longer {old}.",
)
"""As ``AFTER``, where the values are such."""

AT_FIRST = (
    "According to the first reports, {question}?",
    "Originally, {question}?",
    "At first, {question}?",
    "{Question}, as first reported?",
    "{Question} originally?",
    "{Question} at first?",
)

NOW = ("Now, {question}?", "{Question} in the end?", "{Question} by the latest reports?")

DENIED = (
    "It is not true that {said}.",
    "{who} denied that {said}.",
    "Reports that {said} turned out to be wrong.",
    "The claim that {said} was withdrawn.",
    "{who} had wanted to say that {said}, which was not so.",
    "A rumour that {said} was untrue.",
)
CONFIRMED = (
    "It is true that {said}.",
    "{who} confirmed that {said}.",
    "Reports that {said} turned out to be right.",
    "The claim that {said} was upheld.",
    "{who} had wanted to say that {said}, which was so.",
    "A rumour that {said} proved true.",
)
UNDONE = (
    "That was called off.",
    "In the end it did not happen.",
    "It was later denied.",
    "The plan has since been dropped.",
    "It never came to that.",
)
DONE = (
    "That was not called off.",
    "In the end it did happen.",
    "It was later confirmed.",
    "The plan has since been carried out.",
    "It did come to that.",
)
"""After a sentence, of which nothing holds then, or all."""

OTHER_OFFICES = ("deputy", "vice", "assistant", "acting", "former", "future", "honorary")

AUXILIARY = re.compile(
    r"\b(?:was|were|is|are|has|have|had|will|would|can|could)\b(?! (?:not|never)\b)(?= (\w+))"
)

WHO = ("Officials", "A spokesman", "The police", "Both sides", "The company", "Her lawyer")

SHORT_FORMS = (
    (re.compile(r"^(what|who|where|when|how|that) is\b", re.IGNORECASE), r"\1's"),
    (re.compile(r"\b(did|does|do|was|is|were|would|could|should) not\b", re.IGNORECASE), r"\1n't"),
    (re.compile(r"\b(who|what|where) (has|had)\b", re.IGNORECASE), r"\1's"),
)


def correct(pair: Pair, names: list[str], draw: random.Random) -> Pair | None:
    """The pair with a wrong value beside the answer, and words that say which one holds.

    A part of the questions asks for the old value. None where the answer is no number or name that
    stands once in its sentence.
    """
    old = pair.answer
    other = find_other(pair, names, draw)
    sentence = find_sentence(pair)
    if not other or not sentence:
        return None
    start, end = sentence
    said = pair.passage[start:end]
    if said.count(old) != 1 or other in pair.passage[start:end]:
        return None
    if draw.random() < 0.5:
        frame = draw.choice(BESIDE)
        told = frame.format(new=old, old=other)
        passage = pair.passage[: pair.start] + told + pair.passage[pair.end :]
        passage = passage.replace(",,", ",").replace(",.", ".")
        return find_again(pair, passage, pair.start + told.index(old), old)
    first = draw.random() < 0.25
    frames = OF_NUMBERS if NUMBER.search(old) else OF_NAMES
    frame = draw.choice(AFTER if draw.random() < 0.5 else frames)
    new, gone = (other, old) if first else (old, other)
    note = " " + frame.format(new=new, old=gone)
    if first:
        question = reframe(pair.question, AT_FIRST, draw)
        passage = pair.passage[:end].rstrip() + note + " " + pair.passage[end:].lstrip()
        return Pair(question, passage, pair.start, pair.end)
    wrong = pair.passage[: pair.start] + gone + pair.passage[pair.end :]
    end += len(gone) - len(old)
    # A note stands after its sentence, or at the end of the article.
    place = len(wrong.rstrip()) if draw.random() < 0.4 else len(wrong[:end].rstrip())
    passage = wrong[:place] + note + " " + wrong[place:].lstrip()
    question = reframe(pair.question, NOW, draw) if draw.random() < 0.3 else pair.question
    return find_again(replace(pair, question=question), passage, place + note.index(new), new)


def find_again(pair: Pair, passage: str, start: int, answer: str) -> Pair | None:
    """The pair with another passage, when the answer stands where it should."""
    found = passage.find(answer, max(0, start - 2))
    if found < 0 or abs(found - start) > 2:
        return None
    return Pair(pair.question, passage, found, found + len(answer))


def find_other(pair: Pair, names: list[str], draw: random.Random) -> str:
    """A wrong value of the answer's kind: a number or a name; empty for any other kind."""
    answer = pair.answer
    if len(answer.split()) > LONGEST_ANSWER:
        return ""
    numbers = NUMBER.findall(answer)
    if numbers:
        old = draw.choice(numbers)
        new = another_number(old, replace(pair, question=""), draw)
        other = answer.replace(old, new, 1)
        return other if other != answer else ""
    if NAME.fullmatch(answer):
        near = [n for n in find_names(pair.passage) if is_other(n, answer)]
        far = [n for n in draw.sample(names, min(40, len(names))) if is_other(n, pair.passage)]
        pool = near if near and draw.random() < 0.5 else far
        pool.sort(key=lambda name: abs(len(name.split()) - len(answer.split())))
        return draw.choice(pool[:3]) if pool else ""
    return ""


def find_sentence(pair: Pair) -> tuple[int, int] | None:
    """Where the sentence of the answer begins and ends; None when it is of two or is long."""
    for sentence in split_sentences(pair.passage):
        if sentence.start <= pair.start and pair.end <= sentence.end:
            said = pair.passage[sentence.start : sentence.end]
            if len(said.split()) <= LONGEST_SENTENCE:
                start = sentence.start + len(said) - len(said.lstrip())
                return start, start + len(said.strip())
    return None


def report(pair: Pair, draw: random.Random, *, denied: bool) -> Pair | None:
    """The pair with its sentence denied (nothing answers any more) or confirmed by somebody."""
    sentence = find_sentence(pair)
    if sentence is None:
        return None
    start, end = sentence
    said = pair.passage[start:end]
    if not re.fullmatch(r"[A-Z][^.!?:;“”\"]*\.", said) or len(said.split()) < 5:
        return None
    opens = is_stop_word(said.split()[0].lower()) and not said.startswith("I ")
    inner = said[0].lower() + said[1:-1] if opens else said[:-1]
    frame = draw.choice(DENIED if denied else CONFIRMED)
    before, after = frame.split("{said}")
    before = before.format(who=draw.choice(WHO))
    passage = pair.passage[:start] + before + inner + after + pair.passage[end:]
    moved = len(before)
    made = Pair(pair.question, passage, pair.start + moved, pair.end + moved)
    return made if made.answer[1:] == pair.answer[1:] else None


def undo(pair: Pair, draw: random.Random, *, undone: bool) -> Pair | None:
    """The pair with what its sentence tells called off in the next (nothing answers), or not."""
    sentence = find_sentence(pair)
    if sentence is None:
        return None
    end = sentence[1]
    note = " " + draw.choice(UNDONE if undone else DONE) + " "
    passage = pair.passage[:end] + note + pair.passage[end:].lstrip()
    return replace(pair, passage=passage)


def negate_sentence(pair: Pair, draw: random.Random, *, asked: bool) -> Pair | None:
    """The pair with its sentence negated (nothing answers), or with the question negated too.

    What is negated is a verb of the question.
    """
    sentence = find_sentence(pair)
    if sentence is None:
        return None
    start, end = sentence
    told = [word.lower() for word in re.findall(r"\w+", pair.question)]
    verbs = AUXILIARY.finditer(pair.passage, start, min(end, pair.start) if asked else end)
    verb = next((v for v in verbs if any(same_word(v[1].lower(), word) for word in told)), None)
    asks = AUXILIARY.search(pair.question) or re.search(r"\b(?:did|does|do)\b", pair.question)
    if not verb or not asks or (verb.start() < pair.end and verb.end() > pair.start):
        return None
    word = draw.choice((" not", " not", " never"))
    passage = pair.passage[: verb.end()] + word + pair.passage[verb.end() :]
    moved = len(word) if verb.end() <= pair.start else 0
    question = pair.question
    if asked:
        question = f"{question[: asks.end()]} not{question[asks.end() :]}"
    return Pair(question, passage, pair.start + moved, pair.end + moved)


def change_office(
    pair: Pair, offices: Container[str], draw: random.Random, *, asked: bool
) -> Pair | None:
    """The pair with "deputy" or the like before what somebody is: nothing answers unless asked so.

    ``offices`` are the words that say which.
    """
    words = [word.lower() for word in re.findall(r"[^\W\d_]{4,}", pair.question)]
    words = [word for word in words if word in offices]
    shared = [w for w in words if re.search(rf"\b{w}\b", pair.passage, re.IGNORECASE)]
    if not shared:
        return None
    office, other = draw.choice(shared), draw.choice(OTHER_OFFICES)
    pattern = re.compile(rf"\b(?={office}\b)", re.IGNORECASE)
    if pattern.search(pair.answer):
        return None
    before = pattern.sub(f"{other} ", pair.passage[: pair.start])
    after = pattern.sub(f"{other} ", pair.passage[pair.end :])
    question = pattern.sub(f"{other} ", pair.question) if asked else pair.question
    passage = before + pair.answer + after
    return Pair(question, passage, len(before), len(before + pair.answer))


def reframe(question: str, frames: tuple[str, ...], draw: random.Random) -> str:
    """The question within one of the frames."""
    bare = question.rstrip("? ")
    lower = bare[0].lower() + bare[1:] if bare else bare
    frame = draw.choice(frames)
    return frame.format(question=lower, Question=bare)


def shorten_names(pair: Pair, draw: random.Random) -> Pair | None:
    """A person's or thing's full name of the question stands in the passage by its last word alone.

    None where no name of several words is in both, or where it touches the answer.
    """
    shared = [
        name
        for name in dict.fromkeys(find_names(pair.question))
        if 2 <= len(name.split()) <= 3 and " of " not in name and name in pair.passage
    ]
    if not shared or draw.random() < 0.2:
        return None
    name = draw.choice(shared)
    last = name.split()[-1]
    if name in pair.answer:
        return None
    before = pair.passage[: pair.start].replace(name, last)
    after = pair.passage[pair.end :].replace(name, last)
    return Pair(pair.question, before + pair.answer + after, len(before), len(before + pair.answer))


def type_hastily(question: str, draw: random.Random) -> str:
    """The question as it is typed in haste: short forms, no mark at its end, a slip of the keys."""
    for pattern, short in SHORT_FORMS:
        question = pattern.sub(short, question)
    if draw.random() < 0.3:
        question = question.replace("'", "").replace("’", "")
    if draw.random() < 0.7:
        question = question.rstrip("? ")
    if draw.random() < 0.6:
        question = slip(question, draw)
    return question


def slip(question: str, draw: random.Random) -> str:
    """One letter within one longer word dropped, doubled or exchanged with the next."""
    places = [
        match.start() + draw.randrange(1, len(match.group()) - 2)
        for match in re.finditer(r"[^\W\d_]{5,}", question)
    ]
    if not places:
        return question
    at = draw.choice(places)
    one, two = question[at], question[at + 1]
    middle = draw.choice((two, one + one + two, two + one))
    return question[:at] + middle + question[at + 2 :]
