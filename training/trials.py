"""Development questions asked as ``ask`` would, for the fit of what the reader's numbers are worth.

The held-out contexts and a sample of training contexts as distractors become a library; each
question is searched and its passages read. Unanswerable ones are made four ways: the answering
article is taken out of the hits, the question is corrupted, the answering sentences are cut out
(these two with the article given and in the whole library), and ``subjqa`` brings natural ones.
"""

import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from index import Article, Hit, Library, Passage
from index.encoding.encoders import Encoder
from index.search.fusion import QUESTION_MIXTURE
from index.settings import Settings
from qa.evaluate.scoring.answers import score_answer
from qa.reader.model import Reader, Reading
from qa.reader.picker import Candidate
from training.corrupt import Corruptor, Pair, find_names
from training.prepare import cut_answer
from training.sources import Question, normalise
from training.wordnet import WordNet

Each = TypeVar("Each")

SEED = 20080917
READ = 20
DISTRACTORS = 2500

CUT_SHARE = 0.4
"""How many of the questions are also asked of their context without the answering sentences."""

SEARCHED_SHARE = 0.35
"""How many corrupted questions, and how many whose articles lose the answering sentences, are
searched in the whole library too: what is near the subject and doesn't answer is the usual case."""

CAPS = {
    "squad_train_du": 190,
    "squadshifts_new_wiki": 150,
    "nq_oracle": 170,
    "timeqa_train": 50,
    "qamr_dev": 60,
    "subjqa_train": 100,
}
"""Development questions of each set; reading twenty passages for each takes most of the time."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A question with its hits and readings.

    ``holds`` marks the hits that hold the gold answer; both are all False when nothing answers.
    ``answers`` are the gold ones, ``context`` the text that holds them.
    ``given`` says that the article was given, not searched.
    """

    question: str
    hits: tuple[Hit, ...]
    readings: tuple[Reading, ...]
    holds: tuple[bool, ...]
    answers: tuple[tuple[int, str], ...]
    context: str
    given: bool

    @property
    def answerable(self) -> bool:
        """Whether there is a gold answer."""
        return bool(self.answers)


def make_trials(work: Path, reader: Reader) -> list[Trial]:
    """Every development question searched and read, answerable and not."""
    lines = (work / "development.jsonl").read_text("utf-8").splitlines()
    questions = [Question(**json.loads(line)) for line in lines]
    questions = [replace(q, answers=tuple((s, t) for s, t in q.answers)) for q in questions]
    draw = random.Random(SEED)
    chosen = [
        q
        for source, cap in CAPS.items()
        for q in sample([q for q in questions if q.source == source], cap, draw)
    ]
    library = open_library(work, [q.context for q in questions], draw)
    names = sorted({n for q in questions for n in find_names(q.context)})
    corruptor = Corruptor(WordNet(), names)
    trials = []
    for number, question in enumerate(chosen):
        trials += make_question_trials(question, library, reader, corruptor, draw)
        if number % 50 == 49:
            print(f"{number + 1} of {len(chosen)} questions read", flush=True)
    library.close()
    return trials


def make_question_trials(
    question: Question, library: Library, reader: Reader, corruptor: Corruptor, draw: random.Random
) -> list[Trial]:
    """The trials of one question: searched, without its article, given, corrupted, cut."""
    encoder = library.encoder
    if question.source.startswith("subjqa"):
        return [read_given(question.text, question, reader, encoder)]
    hits = library.search(question.text, READ)
    trials = [read_searched(question.text, hits, reader, question)]
    read = dict(zip((hit.passage.id for hit in hits), trials[0].readings, strict=True))
    without = [
        hit for hit in hits if not holds_context(hit, question) and not says_answer(hit, question)
    ]
    if len(without) > 3 and draw.random() < 0.6:
        trials.append(read_searched(question.text, without, reader, None, read))
    trials.append(read_given(question.text, question, reader, encoder))
    start, answer = question.answers[0]
    pair = Pair(question.text, question.context, start, start + len(answer))
    made = corruptor.corrupt(pair, draw) if draw.random() < 0.8 else None
    if made:
        altered = replace(question, text=made[1], context=made[2], answers=())
        trials.append(read_given(made[1], altered, reader, encoder))
        if made[2] == question.context and draw.random() < SEARCHED_SHARE:
            found = library.search(made[1], READ)
            trials.append(read_searched(made[1], found, reader, None))
    rest = cut_answer(question.context, question)
    if rest and draw.random() < CUT_SHARE:
        altered = replace(question, context=rest, answers=())
        trials.append(read_given(question.text, altered, reader, encoder))
    if rest and draw.random() < SEARCHED_SHARE:
        silent = [
            hit for hit in cut_hits(hits, rest, question, encoder) if not says_answer(hit, question)
        ]
        if len(silent) > 3:
            trials.append(read_searched(question.text, silent, reader, None, read))
    return trials


def says_answer(hit: Hit, question: Question) -> bool:
    """Whether the hit's passage says an answer of the question."""
    text = f" {normalise(hit.passage.text)} "
    return any(f" {normalise(answer)} " in text for _, answer in question.answers)


def cut_hits(hits: Sequence[Hit], rest: str, question: Question, encoder: Encoder) -> list[Hit]:
    """The hits as if the question's article were ``rest``, its context without what answers.

    Those of the article are scored anew: by the cosine of what is left of them, and by as much less
    of the softmax share as that cosine takes in fusion.
    """
    vector = encoder.encode_questions([question.text])[0]
    cut = []
    for hit in hits:
        if not holds_context(hit, question):
            cut.append(hit)
            continue
        text = cut_answer(hit.passage.text, question)
        if text:
            cosine = float(encoder.encode_passages([text])[0] @ vector)
            lost = cosine - hit.signals["dense"]
            score = hit.score * math.exp(QUESTION_MIXTURE.meaning_sharpness * lost)
            passage = replace(hit.passage, id=-hit.passage.id, start=0, end=len(text), text=text)
            article = replace(hit.article, text=rest)
            signals = {**hit.signals, "dense": cosine}
            cut.append(replace(hit, passage=passage, article=article, score=score, signals=signals))
    return sorted(cut, key=lambda hit: -hit.score)


def read_searched(
    text: str,
    hits: Sequence[Hit],
    reader: Reader,
    question: Question | None,
    read: Mapping[int, Reading] | None = None,
) -> Trial:
    """The trial of a question on what was found; without ``question`` nothing answers.

    ``read`` has readings by the ids of passages, which are not read again.
    """
    known = dict(read or {})
    new = [hit.passage for hit in hits if hit.passage.id not in known]
    readings = reader.read(text, [passage.text for passage in new])
    known |= zip((passage.id for passage in new), readings, strict=True)
    return judge(text, hits, [known[hit.passage.id] for hit in hits], question, given=False)


def read_given(text: str, question: Question, reader: Reader, encoder: Encoder) -> Trial:
    """The trial of a question on its own context alone."""
    article = Article("given", "", question.context)
    vector = encoder.encode_questions([text])[0]
    cosine = float(encoder.encode_passages([question.context])[0] @ vector)
    passage = Passage(0, "given", 0, len(question.context), question.context)
    hit = Hit(passage, article, cosine, 1, {"dense": cosine})
    found = question if question.answers else None
    return judge(text, [hit], reader.read(text, [question.context]), found, given=True)


def judge(
    text: str,
    hits: Sequence[Hit],
    readings: Sequence[Reading],
    question: Question | None,
    *,
    given: bool,
) -> Trial:
    """A trial with its labels; without ``question`` nothing is right."""
    holds = []
    for hit in hits:
        spans = question.answers if question and holds_context(hit, question) else ()
        at = hit.passage.start
        holds.append(any(at <= s and s + len(t) <= hit.passage.end for s, t in spans))
    return Trial(
        text,
        tuple(hits),
        tuple(readings),
        tuple(holds),
        tuple(question.answers) if question else (),
        question.context if question else "",
        given,
    )


def is_right(trial: Trial, candidate: Candidate) -> tuple[bool, float]:
    """Whether a possible answer is right, and its best F1."""
    if not trial.answers:
        return False, 0.0
    exact, f1 = score_answer([text for _, text in trial.answers], candidate.option.text)
    at = candidate.hit.passage.start
    overlap = candidate.hit.article.text == trial.context and any(
        at + candidate.option.start < start + len(text) and at + candidate.option.end > start
        for start, text in trial.answers
    )
    return bool(exact) or (overlap and f1 > 0), f1


def holds_context(hit: Hit, question: Question) -> bool:
    """Whether the hit is of the question's own context."""
    return hit.article.text == question.context


def open_library(work: Path, contexts: Sequence[str], draw: random.Random) -> Library:
    """A library of the development contexts and distractors, made once and kept."""
    folder = work / "development_library"
    made = folder.is_dir()
    library = Library.open(folder, settings=Settings(), create=True)
    if not made:
        with (work / "examples.jsonl").open(encoding="utf-8") as lines:
            head = [json.loads(next(lines)) for _ in range(20_000)]
        others = sorted({item[1] for group in head for item in group if item[4] == "hard"})
        texts = [*dict.fromkeys(contexts), *sample(others, DISTRACTORS, draw)]
        library.add([Article(f"{row}", "", text) for row, text in enumerate(texts)])
    return library


def sample(items: Sequence[Each], count: int, draw: random.Random) -> list[Each]:
    """``count`` of the items, or all when there are fewer."""
    return draw.sample(list(items), min(count, len(items)))
