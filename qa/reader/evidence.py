"""Ranked passages → the sentences that answer, with a confidence: what a picker returns.

Where no reader reads, the best-matching sentence of the best passages is taken, by the encoder.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from index import Hit
from index.encoding.encoders import Encoder, Vectors
from index.text.numbers import MULTIPLES, NUMBER
from index.text.sentences import split_sentences
from index.text.stems import stem_roughly
from index.text.stopwords import ADDRESSES, COURTESIES, SMALL_WORDS
from qa.dates import find_dates, is_when_question
from qa.types import Span

BEST_SENTENCE = "best sentence"
PICKED_PASSAGES = 8
"""Passages whose sentences are compared; each costs about five encoded sentences."""

WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")

NAME = re.compile(r"(?<!^)\b[A-Z][\w’'-]*")


Place = tuple[str, int]
"""Which passage: its article's id and where it begins."""


def place_of(hit: Hit) -> Place:
    """The place of a hit's passage."""
    return hit.article.id, hit.passage.start


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a hit that supports an answer: ``article.text[start:end]``.

    ``span``, when known, is the answering words inside it. ``score`` is higher for better, and
    ``why`` is what each thing that speaks for it adds. ``dropped_by`` names the rule that left it
    out, if one did.
    """

    hit: Hit
    start: int
    end: int
    score: float
    span: Span | None = None
    why: Mapping[str, float] = field(default_factory=dict)
    dropped_by: str = ""

    @property
    def quote(self) -> str:
        """The sentence, as the article has it."""
        return self.hit.article.text[self.start : self.end]

    def require_exact(self) -> None:
        """Raises a ``ValueError`` unless it is in the article, and its span inside it."""
        text, span = self.hit.article.text, self.span
        inside = 0 <= self.start < self.end <= len(text)
        if inside and span:
            inside = self.start <= span.start < span.end <= self.end
            inside = inside and text[span.start : span.end] == span.text
        if not inside:
            said = span.text if span else self.quote
            raise ValueError(f"{said!r} is not in {self.hit.article.id!r} at its place")


@dataclass(frozen=True, slots=True)
class Findings:
    """What a picker found: evidence best first, hits in their final order, and how sure it is.

    ``confidence`` is in [0, 1]; ``threshold`` is the confidence under which the answer is withheld.
    ``reader`` names what picked, left empty by readers of the table, and ``readings`` is what it
    made of each passage that it read.
    ``alone`` is the confidence before articles that agree supported each other, and ``dropped`` is
    the evidence that rules left out.
    """

    evidence: tuple[Evidence, ...]
    hits: tuple[Hit, ...]
    confidence: float
    threshold: float
    reader: str = ""
    readings: Mapping[Place, Mapping[str, float]] = field(default_factory=dict)
    alone: float = 0.0
    dropped: tuple[Evidence, ...] = ()

    def ordered(self, hits: Iterable[Hit]) -> "Findings":
        """The findings with their hits in this order, ranked as they stand."""
        ranked = number_hits(hits)
        places = {place_of(hit): hit for hit in ranked}
        evidence, dropped = (
            tuple(replace(item, hit=places[place_of(item.hit)]) for item in items)
            for items in (self.evidence, self.dropped)
        )
        return replace(self, hits=ranked, evidence=evidence, dropped=dropped)

    def led_by(self, first: Hit) -> "Findings":
        """The findings with this hit before the others: the one that the answer stands in."""
        others = (hit for hit in self.hits if place_of(hit) != place_of(first))
        return self.ordered((first, *others))

    def without(self, rule: str, leaves_out: Callable[[Evidence], bool]) -> "Findings":
        """The findings without the evidence that a rule leaves out.

        Where the first evidence goes, the confidence falls with the score of what is left.
        """
        barred = [leaves_out(item) for item in self.evidence]
        kept = tuple(item for item, out in zip(self.evidence, barred, strict=True) if not out)
        gone = [item for item, out in zip(self.evidence, barred, strict=True) if out]
        if not gone:
            return self
        share = 0.0
        if kept:
            first, best = self.evidence[0].score, kept[0].score
            share = min(1.0, max(0.0, best / first)) if first > 0 else 1.0
        dropped = (*self.dropped, *(replace(item, dropped_by=rule) for item in gone))
        return replace(self, evidence=kept, confidence=self.confidence * share, dropped=dropped)


def number_hits(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """The hits with the ranks at which they stand."""
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1))


def asks_nothing(question: str) -> bool:
    """Whether a question has no word that could be about an article: "Who are you?", "Hello".

    Capitals among small letters are a name: WHO, US.
    """
    words = WORD.findall(question)
    shouted = question.isupper() and len(words) > 1
    names = [word for word in words if len(word) > 1 and word.isupper() and not shouted]
    return not names and all(word.lower() in SMALL_WORDS | COURTESIES for word in words)


def is_small_talk(question: str) -> bool:
    """Whether it is said to whoever answers, so that no turn before says what it is about."""
    spoken = {word.lower() for word in WORD.findall(question)}
    return asks_nothing(question) and not spoken.isdisjoint(ADDRESSES)


class SentencePicker:
    """Picks the sentence that matches the question best, of each of the best passages.

    A sentence's score is half its cosine with the question, half the share of the question's words
    in it: its content words (the article's title counts too) and those of them that are no names.
    It is more when the sentence holds the kind of thing that is asked for, a date or a number. It
    says nothing about which words answer, and knows only from closeness whether anything does.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def find(self, question: str, vector: Vectors, hits: Sequence[Hit]) -> Findings:
        """The best sentence of each of the first passages; the hits stay in their order."""
        found: dict[tuple[str, int, int], tuple[Hit, str]] = {}
        for hit in hits[:PICKED_PASSAGES]:
            for start, end in split_sentences(hit.passage.text, hit.article.language):
                key = (hit.article.id, hit.passage.start + start, hit.passage.start + end)
                found.setdefault(key, (hit, hit.passage.text[start:end]))
        if not found:
            return Findings((), tuple(hits), 0.0, CLOSE, BEST_SENTENCE)
        cosines = self._encoder.encode_passages([text for _, text in found.values()]) @ vector
        words, matter = content_words(question), matter_words(question)
        evidence = []
        closest = 0.0
        for ((_, start, end), (hit, text)), cosine in zip(found.items(), cosines, strict=True):
            share = covered_share(words, f"{hit.article.title} {text}")
            closeness = (2 * float(cosine) + share + covered_share(matter, text)) / 4
            closest = max(closest, closeness)
            why = {
                "closeness": closeness,
                "kind": KIND_BONUS * holds_kind(question, text),
                "rank": RANK_BONUS * (PICKED_PASSAGES - hit.rank),
            }
            evidence.append(Evidence(hit, start, end, sum(why.values()), why=why))
        evidence.sort(key=lambda item: (-item.score, item.hit.rank, item.start))
        best: dict[int, Evidence] = {}
        for item in evidence:
            best.setdefault(item.hit.rank, item)
        confidence = confidence_of(closest)
        return Findings(
            tuple(best.values()), tuple(hits), confidence, CLOSE, BEST_SENTENCE, alone=confidence
        )


def holds_kind(question: str, sentence: str) -> bool:
    """Whether the question asks for a date or a number and the sentence holds one."""
    if is_when_question(question):
        return bool(find_dates(sentence, None))
    if re.search(r"\bhow (?:many|much|long|old|far|big|large|often)\b", question, re.IGNORECASE):
        return bool(NUMBER_SAID.search(sentence))
    return False


KIND_BONUS = 0.15
"""What it is worth that a sentence holds a date or number when one is asked for."""

RANK_BONUS = 0.02
"""What each rank is worth among the picked passages."""

NUMBER_SAID = re.compile(
    rf"\d|\b(?:{'|'.join((*NUMBER, *MULTIPLES, 'half', 'several'))})\b", re.IGNORECASE
)

CLOSE = 0.15
"""The confidence under which nothing is close; below .1, 4 of 100 were right, then to .2, 12."""

SLOPE, CENTRE = 8.36, 0.628
"""Platt's scaling of closeness, fitted on 996 development questions of the training sets whose
passages were searched (393 were answered rightly by the best sentence): docs/decisions.md."""


def confidence_of(closeness: float) -> float:
    """How likely the best sentence holds the answer, from its closeness; both in [0, 1]."""
    return 1 / (1 + math.exp(-SLOPE * (closeness - CENTRE)))


def content_words(text: str) -> frozenset[str]:
    """The lower-cased words of a text that carry its meaning, cut to a rough stem."""
    return frozenset(
        stem_roughly(word) for word in WORD.findall(text.lower()) if word not in SMALL_WORDS
    )


def matter_words(question: str) -> frozenset[str]:
    """The content words that are no names; all of them when there are only names."""
    return content_words(NAME.sub(" ", question)) or content_words(question)


def covered_share(words: frozenset[str], text: str) -> float:
    """The share of ``words`` that occur in the text, in [0, 1]; 0 when there are none."""
    return shared_part(words, content_words(text))


def shared_part(words: frozenset[str], said: frozenset[str]) -> float:
    """The share of ``words`` that are ``said``, in [0, 1]; 0 when there are none."""
    return len(words & said) / len(words) if words else 0.0
