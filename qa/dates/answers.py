"""The date that answers a when-question, joined from what several passages tell of it.

"August 26" of one passage and "August 2008" of another are one day when both tell of what is
asked. A part is only ever added when it is compatible with what is there, comes from a sentence
that speaks of the matter, and no other such sentence says otherwise.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index import PublicationDate
from index.text.calendar import MONTHS
from qa.dates.edtf import DatePrecision, has_year, join_dates, read_bounds, read_precision
from qa.dates.grammar.find import TimeSpan, find_dates
from qa.dates.grammar.tense import find_sentence
from qa.dates.relevance import coverage, is_nearest, subject_words

# A sentence lends a part of the date when it has at least this share of the question's words.
_MIN_COVERAGE = 0.7
# ... or this share, when the reader found the answer there.
_MIN_ANSWER_COVERAGE = 0.4
_NAME = re.compile(r"(?<!^)\b[A-Z][\w’'-]*")
_MONTHS = tuple(name.capitalize() for name in MONTHS)


@dataclass(frozen=True, slots=True)
class DatedEvidence:
    """A passage that may tell the date, and where in it the reader found the answer.

    ``text[start:end]`` is the answer, empty when there is none. ``published`` is the article's
    date; a year in it that was inferred is used only where no passage tells the year.
    ``dateline`` is where in ``text`` the article's dateline ends, 0 where it has none.
    """

    text: str
    published: PublicationDate | str | None = None
    start: int = 0
    end: int = 0
    article: str = ""
    dateline: int = 0


@dataclass(frozen=True, slots=True)
class DateSupport:
    """What one piece of evidence gives: ``text[start:end]`` is the expression, ``part`` which part.

    ``part`` is ``date``, ``day and month``, ``month`` or ``year``.
    """

    evidence: int
    part: str
    text: str
    iso: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class JoinedDate:
    """The date of an answer: EDTF, its precision, a line on how, and who supports which part."""

    iso: str
    precision: DatePrecision
    note: str
    support: tuple[DateSupport, ...]

    @property
    def evidence(self) -> tuple[int, ...]:
        """The indices of the evidence that supports a part, each once, the answer's first."""
        return tuple(dict.fromkeys(item.evidence for item in self.support))


@dataclass(frozen=True, slots=True)
class _Told:
    """A date that a piece of evidence tells, and how near its sentence is to the question.

    ``nearest`` says that of the dates of its sentence it is the one beside what is asked.
    """

    evidence: int
    span: TimeSpan
    coverage: float
    answers: bool
    nearest: bool = False


def answer_date(question: str, evidence: Sequence[DatedEvidence]) -> JoinedDate | None:
    """The date that the evidence, best first, tells of the question; ``None`` if none does.

    The date in the answer of the first piece decides; where that answer holds none, that of the
    sentence that says most of what is asked, if it says nearly all. Others complete its year or
    make it more precise, never change it.
    """
    words = subject_words(question)
    # Names stand beside every date of a sentence; what happened stands beside its own.
    matter = subject_words(_NAME.sub(" ", question))
    told = [
        item for index, piece in enumerate(evidence) for item in _read(index, piece, words, matter)
    ]
    first = next((item for item in told if item.answers and not item.evidence), None)
    if first is None:
        near = [item for item in told if item.coverage >= _MIN_COVERAGE]
        first = max(near, key=lambda item: (item.answers, item.coverage), default=None)
    if first is None:
        return None
    joined = _complete(first, [item for item in told if item is not first])
    if joined:
        return joined
    return _use_inferred_year(first, evidence[first.evidence]) or _alone(first)


def _read(
    index: int, piece: DatedEvidence, words: tuple[str, ...], matter: tuple[str, ...]
) -> list[_Told]:
    found = []
    spans = find_dates(piece.text, _told_date(piece.published))
    for span in spans:
        first, last = find_sentence(piece.text, span.start, span.end)
        answers = piece.start < piece.end and span.start < piece.end and piece.start < span.end
        beside = [
            (item.start - first, item.end - first)
            for item in spans
            if first <= item.start and item.end <= last
        ]
        sentence = piece.text[first:last]
        if span.end <= piece.dateline and len(beside) > 1 and not answers:
            continue
        place = beside.index((span.start - first, span.end - first))
        nearest = len(beside) > 1 and is_nearest(matter, sentence, beside, place)
        found.append(_Told(index, span, coverage(words, sentence), answers, nearest))
    return found


def _told_date(published: PublicationDate | str | None) -> str | None:
    """The publication date without a year that was only inferred."""
    if isinstance(published, PublicationDate):
        inferred = published.origin == "inferred" and published.precision == "day"
        return f"-{published.iso[4:]}" if inferred else published.iso
    return published


def _complete(first: _Told, others: Sequence[_Told]) -> JoinedDate | None:
    """The first date with what one other adds; ``None`` if none adds or they contradict."""
    lenders: dict[str, list[_Told]] = {}
    for other in others:
        iso = join_dates(first.span.iso, other.span.iso)
        if iso and iso != first.span.iso and _may_lend(first, other):
            lenders.setdefault(iso, []).append(other)
    if not lenders:
        return None
    weights = {iso: sum(map(_weigh, items)) for iso, items in lenders.items()}
    ranked = sorted(weights, key=lambda iso: -weights[iso])
    if len(ranked) > 1 and not _same_day(ranked) and weights[ranked[0]] < 1.5 * weights[ranked[1]]:
        return None
    return _join(first, max(lenders[ranked[0]], key=_weigh), ranked[0])


def _may_lend(first: _Told, other: _Told) -> bool:
    """Whether the other date is told of the same matter."""
    # January in "the winter of 1934" may be that of 1934 or of 1935.
    if other.span.precision == "season" and other.span.iso.endswith("-24"):
        return False
    if other.coverage < (_MIN_ANSWER_COVERAGE if other.answers else _MIN_COVERAGE):
        return False
    # A year for a day that has none may come from any such sentence; a day within a year only
    # from one that was read as the answer.
    return not has_year(first.span.iso) or other.answers


def _weigh(told: _Told) -> float:
    """How much the date counts as a lender: one that names the month too agrees in more."""
    month = told.span.precision in ("day", "month")
    return told.coverage + 0.5 * month + 0.75 * told.nearest


def _same_day(isos: Sequence[str]) -> bool:
    """Whether the joined dates are compatible with each other."""
    return all(join_dates(isos[0], iso) for iso in isos[1:])


def _join(first: _Told, other: _Told, iso: str) -> JoinedDate:
    """The two as one, with the part that each gave."""
    if not has_year(first.span.iso):
        parts = (_name_part(first.span.iso), "year")
    else:
        lent = "day and month" if read_precision(iso) == "day" else "month"
        parts = (_name_part(first.span.iso), lent)
    note = (
        f"{spell_date(iso)}: the {parts[0]} from “{first.span.text}”, "
        f"the {parts[1]} from “{other.span.text}”"
    )
    support = (_support(first, parts[0]), _support(other, parts[1]))
    return JoinedDate(iso, read_precision(iso), note, support)


def _name_part(iso: str) -> str:
    precision = read_precision(iso)
    if precision == "month-day":
        return "day and month"
    return {"yearless-month": "month", "year": "year", "month": "month and year"}.get(
        precision, "date"
    )


def _support(told: _Told, part: str) -> DateSupport:
    span = told.span
    return DateSupport(told.evidence, part, span.text, span.iso, span.start, span.end)


def _use_inferred_year(first: _Told, piece: DatedEvidence) -> JoinedDate | None:
    """The date with the year that was inferred for its article, saying so."""
    published = piece.published
    if has_year(first.span.iso) or not isinstance(published, PublicationDate):
        return None
    if published.origin != "inferred":
        return None
    again = [
        span for span in find_dates(piece.text, published.iso) if span.start == first.span.start
    ]
    if not again or not has_year(again[0].iso):
        return None
    iso = again[0].iso
    part = _name_part(first.span.iso)
    note = (
        f"{spell_date(iso)}: the {part} from “{first.span.text}”, the year from when the article "
        f"appeared ({published.note})"
    )
    return JoinedDate(iso, read_precision(iso), note, (_support(first, part),))


def _alone(first: _Told) -> JoinedDate:
    span = first.span
    spelled = spell_date(span.iso)
    note = spelled if spelled == span.text else f"{spelled}: “{span.text}”, {span.note}"
    return JoinedDate(span.iso, span.precision, note, (_support(first, "date"),))


def spell_date(iso: str) -> str:
    """The date in English words: "26 August 2008", "summer 2010", "the 1990s"."""
    first, slash, last = iso.partition("/")
    if slash:
        return f"{spell_date(first)} to {spell_date(last)}"
    precision = read_precision(iso)
    if precision == "day":
        return f"{int(iso[8:])} {_MONTHS[int(iso[5:7]) - 1]} {int(iso[:4])}"
    if precision == "month":
        return f"{_MONTHS[int(iso[5:7]) - 1]} {int(iso[:4])}"
    if precision == "month-day":
        return f"{int(iso[5:])} {_MONTHS[int(iso[2:4]) - 1]}"
    if precision == "yearless-month":
        return _MONTHS[int(iso[2:4]) - 1]
    if precision == "season":
        return f"{('spring', 'summer', 'autumn', 'winter')[int(iso[5:]) - 21]} {int(iso[:4])}"
    if precision == "decade":
        return f"the {iso[:3]}0s"
    if precision == "century":
        bounds = read_bounds(iso)
        number = bounds.first.year // 100 + 1 if bounds else 0
        ending = (
            "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        )
        return f"the {number}{ending} century"
    return str(int(iso)) if iso.isdecimal() else iso
