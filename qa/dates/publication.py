"""The year of a dateline that has none, told by what else the library holds.

Datelines such as "MOSCOW, February 27" leave the year out. It is completed only on evidence, in
this order: a whole date nearby in the article itself; another article that tells one of its days
with the year; other articles that tell of the same names with a year. The reasoning goes into the
note; without enough of it the date stays without year.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from index import Article, PublicationDate
from index.text.calendar import MONTHS, WEEKDAYS
from index.text.stopwords import is_stop_word
from qa.dates.edtf import day_iso, has_year, read_bounds
from qa.dates.grammar.find import TimeSpan, find_dates
from qa.dates.grammar.tense import find_sentence, is_ahead

_NAME = re.compile(r"\b[A-Z][^\W\d_]{3,}")
_NO_NAMES = {*MONTHS, *WEEKDAYS}
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_WHOLE_DATE, _TOLD_DAY, _TOLD_YEAR = 4.0, 3.0, 0.25
# An article tells of the same when it has this part of the names. Years that only such articles
# tell, not the days of this one, need two of them: a single one is wrong half of the time.
_RELATED, _MIN_ARTICLES = 0.2, 2
_ENOUGH, _MARGIN = 1.5, 2.0
# Beyond this an article's text is comments and boilerplate, and reading it costs.
_READ = 20_000


@dataclass
class _Case:
    """What speaks for one year."""

    score: float = 0.0
    reasons: list[str] = field(default_factory=list)
    sentences: int = 0
    articles: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


def complete_year(
    published: PublicationDate | None, article_text: str, other_articles: Sequence[Article]
) -> PublicationDate | None:
    """The publication date with its year where the evidence gives one, else as it was.

    ``other_articles`` are those of the library that tell of the same, such as the first hits of a
    search for the title. A date that has a year comes back as it is, ``None`` as ``None``. What is
    completed has the origin ``inferred`` and says why in its note; what is not says so too.
    """
    if published is None or has_year(published.iso):
        return published
    month, day = _read_day(published.iso)
    text = article_text[:_READ]
    own = find_dates(text, published.iso)
    cases: dict[int, _Case] = defaultdict(_Case)
    _weigh_own_dates(own, text, month, day, cases)
    _weigh_others(own, text, other_articles, cases)
    possible = {
        year: case
        for year, case in cases.items()
        if (case.reasons or len(case.articles) >= _MIN_ARTICLES) and day_iso(year, month, day)
    }
    ranked = sorted(possible, key=lambda year: -possible[year].score)
    if not ranked or possible[ranked[0]].score < _ENOUGH:
        return _leave(published, "nothing else in the library tells the year")
    if len(ranked) > 1 and possible[ranked[0]].score < _MARGIN * possible[ranked[1]].score:
        return _leave(published, f"{ranked[0]} and {ranked[1]} are both possible")
    year = ranked[0]
    reasons = _spell_reasons(possible[year], year)
    note = f"{published.note}; {reasons}" if published.note else reasons
    iso = f"{year:04}{published.iso[1:]}"
    return PublicationDate(iso=iso, precision="day", origin="inferred", note=note)


def _read_day(iso: str) -> tuple[int, int]:
    return int(iso[2:4]), int(iso[5:7])


def _leave(published: PublicationDate, why: str) -> PublicationDate:
    note = f"{published.note}; " if published.note else ""
    return replace(published, note=f"{note}the year is left open: {why}")


def _weigh_own_dates(
    own: Sequence[TimeSpan], text: str, month: int, day: int, cases: dict[int, _Case]
) -> None:
    """A whole date in the article within two months before the dateline's day tells the year."""
    for span in own:
        bounds = read_bounds(span.iso)
        if not bounds or span.precision != "day" or is_ahead(text, span.start, span.end):
            continue
        for year in (bounds.first.year, bounds.first.year + 1):
            iso = day_iso(year, month, day)
            if iso and timedelta(0) <= date.fromisoformat(iso) - bounds.first <= timedelta(60):
                case = cases[year]
                case.score = max(case.score, _WHOLE_DATE)
                case.reasons.append(f"the article tells of “{span.text}”")


def _weigh_others(
    own: Sequence[TimeSpan], text: str, others: Sequence[Article], cases: dict[int, _Case]
) -> None:
    """Sentences of other articles that tell a year and share two names with this one.

    One that tells a day of this article, of the same names, with its year, weighs most.
    """
    names = _find_names(text)
    days = {span.iso: span for span in own if span.precision == "month-day"}
    for other in others:
        related = len(names & _find_names(other.text[:_READ])) >= max(2, _RELATED * len(names))
        for sentence in _sentences_with_years(other.text[:_READ]):
            shared = names & _find_names(sentence)
            if len(shared) < 2:
                continue
            for span in find_dates(sentence, None):
                if related and not is_ahead(sentence, span.start, span.end):
                    _weigh_told_date(span, shared, other.id, cases)
                mine = days.get(f"-{span.iso[4:]}") if span.precision == "day" else None
                if mine and len(shared & _names_near(text, mine)) >= 2:
                    case = cases[int(span.iso[:4])]
                    case.score += _TOLD_DAY
                    case.reasons.append(f"{other.id} gives “{span.text}” for “{mine.text}”")


def _sentences_with_years(text: str) -> list[str]:
    """The sentences that hold a number like a year, each once; cheap, for texts are long."""
    sentences = {find_sentence(text, *match.span()): None for match in _YEAR.finditer(text)}
    return [text[first:last] for first, last in sentences]


def _weigh_told_date(
    span: TimeSpan, shared: set[str], article: str, cases: dict[int, _Case]
) -> None:
    bounds = read_bounds(span.iso)
    if not bounds or span.precision not in ("day", "month", "year"):
        return
    case = cases[bounds.first.year]
    case.score += _TOLD_YEAR * min(len(shared), 4)
    case.sentences += 1
    case.articles.add(article)
    case.names |= shared


def _find_names(text: str) -> set[str]:
    return {
        name
        for name in _NAME.findall(text)
        if name.lower() not in _NO_NAMES and not is_stop_word(name.lower())
    }


def _names_near(text: str, span: TimeSpan) -> set[str]:
    first, last = find_sentence(text, span.start, span.end)
    return _find_names(text[first:last])


def _spell_reasons(case: _Case, year: int) -> str:
    reasons = list(dict.fromkeys(case.reasons))[:2]
    if not reasons:
        names = ", ".join(sorted(case.names, key=lambda name: (-len(name), name))[:3])
        count, files = case.sentences, len(case.articles)
        reasons.append(
            f"{count} sentence{'s' * (count > 1)} of {files} other article{'s' * (files > 1)} "
            f"about {names} give {year}"
        )
    return f"the year {year} because {', and '.join(reasons)}"
