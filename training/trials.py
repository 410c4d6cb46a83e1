"""Development questions asked as ``ask`` would, for the fit of what the reader's numbers are worth.

For every kind of text the held-out contexts and a sample of training contexts as distractors become
a library of whole articles; each question is searched and its passages read. Unanswerable ones are
made four ways: the answering article is taken out of the hits, the question is corrupted, the
answering sentences are cut out (these two with the article given and in the whole library), and
``subjqa`` brings natural ones. Some questions are asked by their content words alone, some with a
sentence before them, and some two at once.
"""

import json
import math
import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
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
from training.prepare import cut_answer, draw_preface, keep_keywords
from training.sources import Question, normalise
from training.wordnet import WordNet

Each = TypeVar("Each")

SEED = 20080917
READ = 20
DISTRACTORS = 1500
"""Texts of the training sets in each library beside those of the development questions."""

CUT_SHARE = 0.4
"""How many of the questions are also asked of their context without the answering sentences."""

SEARCHED_SHARE = 0.35
"""How many corrupted questions, and how many whose articles lose the answering sentences, are
searched in the whole library too: what is near the subject and doesn't answer is the usual case."""

KEYWORDS_SHARE = 0.15
PREFACED_SHARE = 0.1
JOINED_SHARE = 0.15
"""How many of the questions are also searched by their content words, with a sentence before them,
which makes them long, and as one with another of the same article: two in one breath."""

WITHOUT_SHARE = 0.6
"""How many of what is searched are also asked of the hits that say nothing of the answer."""

KINDS = {
    "encyclopedia": {
        "squad_train_du": 150,
        "squadshifts_new_wiki": 120,
        "nq_oracle": 140,
        "timeqa_train": 50,
    },
    "sentences": {"qamr_dev": 70},
    "talk": {"squadshifts_reddit": 80, "squadshifts_amazon": 80, "subjqa_train": 80},
    "tales": {"fairytaleqa_train": 60},
    "policies": {"policyqa_dev": 60},
}
"""The kinds of library, and how many development questions of each set are asked of them; reading
twenty passages for each takes most of the time."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A right answer, and the article and the character where it stands."""

    article: str
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A question with its hits and readings.

    ``holds`` marks the hits that hold one of ``answers``; without them nothing answers.
    ``kind`` is the library's, and ``form`` how it was asked: ``given`` says that the article was,
    not searched; else ``searched``, ``keywords``, ``prefaced`` or ``joined``.
    """

    question: str
    hits: tuple[Hit, ...]
    readings: tuple[Reading, ...]
    holds: tuple[bool, ...]
    answers: tuple[Gold, ...]
    kind: str
    form: str

    @property
    def answerable(self) -> bool:
        """Whether there is a gold answer."""
        return bool(self.answers)

    @property
    def given(self) -> bool:
        """Whether the article was given."""
        return self.form == "given"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library of one kind, with where each context stands in it, and its development questions.

    ``places`` are (article, where its context begins) by context.
    """

    kind: str
    library: Library
    places: Mapping[str, tuple[str, int]]
    questions: tuple[Question, ...]


def make_trials(work: Path, reader: Reader) -> list[Trial]:
    """Every development question searched and read, answerable and not."""
    lines = (work / "development.jsonl").read_text("utf-8").splitlines()
    questions = [Question(**json.loads(line)) for line in lines]
    questions = [replace(q, answers=tuple((s, t) for s, t in q.answers)) for q in questions]
    names = sorted({n for q in questions for n in find_names(q.context)})
    corruptor = Corruptor(WordNet(), names)
    trials: list[Trial] = []
    for shelf in open_shelves(work, questions):
        maker = TrialMaker(shelf, reader, corruptor)
        for question in shelf.questions:
            trials += maker.make(question)
        print(f"{shelf.kind}: {len(shelf.questions)} questions, {len(trials)} trials", flush=True)
        shelf.library.close()
    return trials


def open_shelves(work: Path, questions: Sequence[Question]) -> Iterator[Shelf]:
    """The libraries, one after another; each is made once and kept in ``work``."""
    distractors = read_distractors(work)
    for kind, caps in KINDS.items():
        draw = random.Random(f"{SEED} {kind}")
        own = [q for q in questions if q.source in caps]
        articles, places = join_contexts(own)
        folder = work / f"library_{kind}"
        made = folder.is_dir()
        library = Library.open(folder, settings=Settings(), create=True)
        if not made:
            others = sample(distractors, DISTRACTORS, draw)
            texts = {**articles, **{f"other {row}": text for row, text in enumerate(others)}}
            library.add([Article(name, "", text) for name, text in texts.items()])
        asked = [
            question
            for source, cap in caps.items()
            for question in sample([q for q in own if q.source == source], cap, draw)
        ]
        yield Shelf(kind, library, places, tuple(asked))


def read_distractors(work: Path) -> list[str]:
    """Windows of training contexts, of every set."""
    with (work / "examples.jsonl").open(encoding="utf-8") as lines:
        head = [json.loads(line) for line, _ in zip(lines, range(20_000), strict=False)]
    return sorted({item[1] for group in head for item in group if item[4] == "hard"})


def join_contexts(
    questions: Sequence[Question],
) -> tuple[dict[str, str], dict[str, tuple[str, int]]]:
    """The texts of the whole articles by name, and of every context its article and its start."""
    contexts: dict[str, dict[str, None]] = defaultdict(dict)
    for question in questions:
        contexts[f"{question.source} {question.article}"[:200]][question.context] = None
    places: dict[str, tuple[str, int]] = {}
    articles = {}
    for name, parts in contexts.items():
        at = 0
        for part in parts:
            places[part] = (name, at)
            at += len(part) + 2
        articles[name] = "\n\n".join(parts)
    return articles, places


class TrialMaker:
    """Makes the trials of one library's questions."""

    def __init__(self, shelf: Shelf, reader: Reader, corruptor: Corruptor) -> None:
        self._shelf = shelf
        self._reader = reader
        self._corruptor = corruptor
        self._encoder: Encoder = shelf.library.encoder
        self._draw = random.Random(f"{SEED} {shelf.kind} trials")
        self._beside: dict[tuple[str, str], list[Question]] = defaultdict(list)
        for question in shelf.questions:
            self._beside[question.source, question.article].append(question)

    def make(self, question: Question) -> list[Trial]:
        """A question searched, without its article, given, corrupted, cut, in other words."""
        if question.source.startswith("subjqa"):
            return [self._read_given(question.text, question)]
        draw = self._draw
        hits = self._shelf.library.search(question.text, READ)
        trials = [self._read_searched(question.text, hits, [question])]
        read = dict(zip((hit.passage.id for hit in hits), trials[0].readings, strict=True))
        trials += self._leave_out(question.text, hits, [question], read, "searched")
        trials.append(self._read_given(question.text, question))
        start, answer = question.answers[0]
        pair = Pair(question.text, question.context, start, start + len(answer))
        made = self._corruptor.corrupt(pair, draw) if draw.random() < 0.8 else None
        if made:
            altered = replace(question, text=made[1], context=made[2], answers=())
            trials.append(self._read_given(made[1], altered))
            if made[2] == question.context and draw.random() < SEARCHED_SHARE:
                found = self._shelf.library.search(made[1], READ)
                trials.append(self._read_searched(made[1], found))
        rest = cut_answer(question.context, question)
        if rest and draw.random() < CUT_SHARE:
            altered = replace(question, context=rest, answers=())
            trials.append(self._read_given(question.text, altered))
        if rest and draw.random() < SEARCHED_SHARE:
            own = frozenset(hit.passage.id for hit in hits if self._is_own(hit, question))
            less = cut_hits(hits, own, question, self._encoder)
            silent = [hit for hit in less if not says_answer(hit, question)]
            if len(silent) > 3:
                trials.append(self._read_searched(question.text, silent, (), read))
        if draw.random() < KEYWORDS_SHARE:
            trials += self._search_as(keep_keywords(question.text), [question], "keywords")
        if draw.random() < PREFACED_SHARE:
            preface = draw_preface([question.context], question, draw)
            if preface:
                trials += self._search_as(preface + question.text, [question], "prefaced")
        others = self._beside[question.source, question.article]
        if len(others) > 1 and draw.random() < JOINED_SHARE:
            other = draw.choice([item for item in others if item.text != question.text] or others)
            text = f"{question.text.rstrip(' ?')}, and {lower_first(other.text)}"
            trials += self._search_as(text, [question, other], "joined")
        return trials

    def _search_as(self, text: str, questions: Sequence[Question], form: str) -> list[Trial]:
        """A question in another form; any answer of ``questions`` is right."""
        hits = self._shelf.library.search(text, READ)
        trial = self._read_searched(text, hits, questions, form=form)
        read = dict(zip((hit.passage.id for hit in hits), trial.readings, strict=True))
        return [trial, *self._leave_out(text, hits, questions, read, form)]

    def _leave_out(
        self,
        text: str,
        hits: Sequence[Hit],
        questions: Sequence[Question],
        read: Mapping[int, Reading],
        form: str,
    ) -> list[Trial]:
        """Of some, the trial of the hits that are not of their contexts and say no answer."""
        without = [
            hit
            for hit in hits
            if not any(self._is_own(hit, q) or says_answer(hit, q) for q in questions)
        ]
        if len(without) <= 3 or self._draw.random() >= WITHOUT_SHARE:
            return []
        return [self._read_searched(text, without, (), read, form)]

    def _is_own(self, hit: Hit, question: Question) -> bool:
        """Whether the hit touches the question's own context."""
        name, at = self._shelf.places[question.context]
        begins, ends = hit.passage.start, hit.passage.end
        return hit.article.id == name and begins < at + len(question.context) and ends > at

    def _read_searched(
        self,
        text: str,
        hits: Sequence[Hit],
        questions: Sequence[Question] = (),
        read: Mapping[int, Reading] | None = None,
        form: str = "searched",
    ) -> Trial:
        """The trial of a text on what was found; without ``questions`` nothing answers.

        ``read`` has readings by the ids of passages, which are not read again.
        """
        known = dict(read or {})
        new = [hit.passage for hit in hits if hit.passage.id not in known]
        readings = self._reader.read(text, [passage.text for passage in new])
        known |= zip((passage.id for passage in new), readings, strict=True)
        answers: list[Gold] = []
        for question in questions:
            name, at = self._shelf.places[question.context]
            answers += [Gold(name, at + start, said) for start, said in question.answers]
        ordered = [known[hit.passage.id] for hit in hits]
        return judge(text, hits, ordered, answers, self._shelf.kind, form)

    def _read_given(self, text: str, question: Question) -> Trial:
        """The trial of a question on its own context alone."""
        article = Article("given", "", question.context)
        vector = self._encoder.encode_questions([text])[0]
        cosine = float(self._encoder.encode_passages([question.context])[0] @ vector)
        passage = Passage(0, "given", 0, len(question.context), question.context)
        hit = Hit(passage, article, 1.0, 1, {"dense": cosine})
        readings = self._reader.read(text, [question.context])
        answers = [Gold("given", start, said) for start, said in question.answers]
        return judge(text, [hit], readings, answers, self._shelf.kind, "given")


def judge(
    text: str,
    hits: Sequence[Hit],
    readings: Sequence[Reading],
    answers: Sequence[Gold],
    kind: str,
    form: str,
) -> Trial:
    """A trial with its labels; without answers nothing is right."""
    holds = tuple(
        any(
            hit.article.id == gold.article
            and hit.passage.start <= gold.start
            and gold.start + len(gold.text) <= hit.passage.end
            for gold in answers
        )
        for hit in hits
    )
    return Trial(text, tuple(hits), tuple(readings), holds, tuple(answers), kind, form)


def lower_first(text: str) -> str:
    """The text with its first letter small: "and when did …"."""
    return text[:1].lower() + text[1:]


def says_answer(hit: Hit, question: Question) -> bool:
    """Whether the hit's passage says an answer of the question."""
    text = f" {normalise(hit.passage.text)} "
    return any(f" {normalise(answer)} " in text for _, answer in question.answers)


def cut_hits(
    hits: Sequence[Hit], own: Collection[int], question: Question, encoder: Encoder
) -> list[Hit]:
    """The hits as if passages lost the sentences that answer; ``own`` are their ids.

    They are scored anew: by the cosine of what is left, and by as much less of the softmax share as
    that cosine takes in fusion.
    """
    vector = encoder.encode_questions([question.text])[0]
    cut = []
    for hit in hits:
        if hit.passage.id not in own:
            cut.append(hit)
            continue
        text = cut_answer(hit.passage.text, question)
        if text:
            cosine = float(encoder.encode_passages([text])[0] @ vector)
            lost = cosine - hit.signals["dense"]
            score = hit.score * math.exp(QUESTION_MIXTURE.meaning_sharpness * lost)
            passage = replace(hit.passage, id=-hit.passage.id, start=0, end=len(text), text=text)
            article = replace(hit.article, text=text)
            signals = {**hit.signals, "dense": cosine}
            cut.append(replace(hit, passage=passage, article=article, score=score, signals=signals))
    return sorted(cut, key=lambda hit: -hit.score)


def is_right(trial: Trial, candidate: Candidate) -> tuple[bool, float]:
    """Whether a possible answer is right, and its best F1."""
    if not trial.answers:
        return False, 0.0
    exact, f1 = score_answer([gold.text for gold in trial.answers], candidate.option.text)
    at = candidate.hit.passage.start
    overlap = any(
        candidate.hit.article.id == gold.article
        and at + candidate.option.start < gold.start + len(gold.text)
        and at + candidate.option.end > gold.start
        for gold in trial.answers
    )
    return bool(exact) or (overlap and f1 > 0), f1


def sample(items: Sequence[Each], count: int, draw: random.Random) -> list[Each]:
    """``count`` of the items, or all when there are fewer."""
    return draw.sample(list(items), min(count, len(items)))
