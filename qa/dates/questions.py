"""What a question asks of time: whether it asks when, and up to when its sources may be."""

import re
from datetime import timedelta

from index import Filters
from index.text.stopwords import AUXILIARIES
from qa.dates.edtf import read_bounds
from qa.dates.grammar.find import TimeSpan, find_dates

_AUXILIARY = f"(?:{'|'.join(sorted(AUXILIARIES))})"
_ANYONE = r"(?:you|anyone|anybody|someone|somebody)"
_WHEN = re.compile(
    r"^\W*(?:(?:and|so|but|exactly|since|until|till|by|from)\s)*when(?:['’]s\b|"
    rf"(?:\s+and\s+(?:where|how|why))?(?:\s+(?:\w+\s+)?{_AUXILIARY}\b|\s*\?|$))"
    r"|^\W*(?:where|how|why)\s+and\s+when\b"
    rf"|^\W*(?:please\s+)?(?:(?:can|could|would|will)\s+{_ANYONE}\s+(?:please\s+)?)?"
    r"(?:tell|remind|show)\s+(?:me|us)\s+(?:exactly\s+)?when\b"
    rf"|^\W*(?:do|does|can|could)\s+{_ANYONE}\s+(?:know|remember|recall|say)\s+"
    r"(?:exactly\s+)?when\b"
    r"|^\W*I\s*(?:want|need|(?:['’]d|would)\s+(?:like|love))\s+to\s+know\s+"
    r"(?:exactly\s+)?when\b"
    r"|\b(?:what|which)\s+(?:\w+\s+)?(?:date|day|year|month|decade|century)s?\b"
    r"|\b(?:date|day|year|month)\s+(?:did|was|were|is|on\s+which|in\s+which)\b"
    r"|\bwhen\s*\?*\s*$|\bhow\s+long\s+ago\b"
    r"|\bwhat(?:\s+(?:is|was)|['’]s)\s+the\s+date\b(?!\s+(?:palm|tree|fruit))"
    r"|^\W*(?:когда|wann|quand|cuándo|cuando|quando|wanneer)\b"
    r"|\b(?:в каком году|какого числа|in welchem jahr|en quelle année|en qué año)\b",
    re.IGNORECASE,
)
_NOT_WHEN = re.compile(r"\bday\s+to\s+day\b|\bof\s+the\s+day\b|\bhow\s+many\b", re.IGNORECASE)
_AS_OF = re.compile(
    r"\b(?P<how>as\s+of|as\s+at|up\s+to|until|till|before|prior\s+to|after|since|"
    r"from|in|on|by)\s+(?:the\s+(?:end|start)\s+of\s+)?$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"([^()]+)\((.+)\)\s*")
_QUESTION_WORD = re.compile(
    r"\b(?:who|whom|whose|what(?!\s+about)|when|where|why|how(?!\s+about)|which|кто|что|когда|где|"
    r"почему|зачем|как|какой|какая|какие|сколько)\b",
    re.IGNORECASE,
)
_VERB = r"(?:published|dated|written)\s*$"
_PUBLISHED = re.compile(
    r"(?:,?\s*(?:in|from|by|according\s+to|using|only)?\s*(?:(?:the|an|any)\s+)?"
    r"(?:articles?|news|reports?|sources?|stories|pieces|coverage)?\s*"
    rf"(?:that\s+(?:was|were)\s+)?{_VERB})",
    re.IGNORECASE,
)
# A book that was published then, and the report, are what is asked about.
_OF_SOURCES = re.compile(
    r"(?:(?:^|[,;:])\s*|\b(?:articles|(?:an|any)\s+article|news|newspapers|reports|reporting|"
    rf"sources|stories|pieces|clippings|coverage)\s+(?:that\s+(?:was|were)\s+)?){_VERB}",
    re.IGNORECASE,
)
_EVENTS = frozenset(
    "born died founded built established created made written married elected happened happen "
    "happens occurred occur day days week weeks month months year years long shortly soon just "
    "right".split()
)


def is_when_question(question: str) -> bool:
    """Whether the question is answered by a date; a clause such as "when it fell, who" is not.

    "And Nicaragua? (When did Russia recognize it?)" asks what stands in the brackets.
    """
    if bracketed := _BRACKETED.fullmatch(question):
        asked, before = bracketed.groups()
        question = asked if _QUESTION_WORD.search(asked) else before
    return bool(_WHEN.search(question)) and not _NOT_WHEN.search(question)


def resolve_as_of(question: str) -> tuple[str, Filters]:
    """The question without "as of 2010", "before 2015" or "since March 2014", and that as filter.

    Only a phrase with a year that begins or ends the question counts: inside, it tells of the
    matter. "before the war" is not resolved. "before 2015" admits what was published to the end
    of 2014, "as of 2010" to the end of 2010, "since" and "after" what came later. The question
    comes back unchanged, with empty filters, when it has no such phrase.
    """
    for span in reversed(find_dates(question, None)):
        lead = _AS_OF.search(question[: span.start])
        bounds = read_bounds(span.iso)
        if not lead or not bounds or "/" in span.iso:
            continue
        how = re.sub(r"\s+", " ", lead["how"].lower())
        filters = _read_filters(how, span, question[: lead.start()])
        if filters is None:
            continue
        start = lead.start()
        published = _PUBLISHED.search(question[:start])
        if published and published[0].strip():
            start = published.start()
        rest = _cut(question, start, span.end)
        if rest is not None:
            return rest, filters
    return question, Filters()


def _read_filters(how: str, span: TimeSpan, before: str) -> Filters | None:
    """The filter that the phrase means; ``None`` when it tells of the matter, not of sources."""
    bounds = read_bounds(span.iso)
    published = bool(_OF_SOURCES.search(before))
    if not published and re.search(rf"\b{_VERB}", before, re.IGNORECASE):
        return None
    if not bounds or how in ("from", "in", "on", "by") and not published:
        return None
    words = before.lower().split()
    if not published and how != "as of" and words and words[-1].strip(",") in _EVENTS:
        return None
    exact = len(span.iso) in (4, 7, 10) and span.precision in ("day", "month", "year")
    first = span.iso if exact else bounds.first.isoformat()
    last = span.iso if exact else bounds.last.isoformat()
    if how in ("as of", "as at", "up to", "until", "till", "by"):
        return Filters(published_before=last)
    if how in ("before", "prior to"):
        return Filters(published_before=_trim(bounds.first - timedelta(days=1), span))
    if how in ("since", "from"):
        return Filters(published_after=first)
    if how == "after":
        return Filters(published_after=_trim(bounds.last + timedelta(days=1), span))
    return Filters(published_after=first, published_before=last)


def _trim(day: object, span: TimeSpan) -> str:
    """The day as precisely as the date was told: a year before or after a year."""
    return str(day)[: {"year": 4, "month": 7}.get(span.precision, 10)]


def _cut(question: str, start: int, end: int) -> str | None:
    """The question without what stands there, if that is its beginning or its end."""
    before, after = question[:start].rstrip(" ,"), question[end:].lstrip(" ,:")
    if not before.strip():
        return after[:1].upper() + after[1:] if after.strip(" ?.!") else None
    if after.strip(" ?.!)"):
        return None
    return f"{before}{after.strip() or ('?' if '?' in question else '')}"
