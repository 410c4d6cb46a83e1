"""Events that a question counts from, "before the war", and when the library says they were.

An event is dated only from what passages state of it: "the 2008 war", "the quake struck on 12
January", "the Games opened in August". Every independent article counts once, more when the date
belongs to the event's own words. If two dates that exclude each other have about as much behind
them, the event stays undated.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from index import Hit
from index.text.calendar import MONTH_NUMBER, WEEKDAYS
from index.text.stems import share_stem
from index.text.stopwords import is_stop_word
from qa.dates.edtf import are_compatible, interval_iso, join_dates, read_bounds
from qa.dates.grammar.find import TimeSpan, find_dates
from qa.dates.grammar.tense import find_sentence
from qa.dates.relevance import quote_sentence
from qa.reprints import label_stories

Relation = Literal["before", "after", "during", "until"]

_RELATIONS: dict[str, Relation] = {
    "before": "before", "prior to": "before", "ahead of": "before", "in the run-up to": "before",
    "after": "after", "following": "after", "since": "after", "in the wake of": "after",
    "during": "during", "at the time of": "during", "amid": "during",
    "until": "until", "till": "until", "up to": "until", "as of": "until",
}  # fmt: skip
# What news calls one and the same kind of event.
_KINDS = (
    "war conflict fighting hostilities", "invasion", "occupation", "coup putsch", "revolution",
    "uprising rebellion revolt", "election elections vote polls ballot", "referendum vote",
    "runoff run-off", "earthquake quake", "tsunami", "hurricane", "typhoon", "cyclone",
    "storm blizzard", "flood floods flooding", "wildfire wildfires", "fire blaze inferno",
    "eruption", "drought", "heatwave", "avalanche", "landslide mudslide", "tornado",
    "olympics games", "games olympics", "cup", "championship championships", "tournament", "final",
    "summit", "talks negotiations", "conference", "ceasefire cease-fire truce", "armistice",
    "pandemic", "outbreak epidemic", "lockdown", "crisis", "crash accident", "collapse",
    "explosion blast", "bombing bombings", "attack attacks assault raid", "shooting massacre",
    "assassination murder killing", "accident crash", "disaster", "spill", "strike walkout",
    "protests protest demonstrations", "riots riot unrest", "inauguration", "independence",
    "handover", "merger takeover", "bankruptcy", "trial", "verdict", "resignation", "impeachment",
    "wedding", "coronation", "funeral", "festival", "eclipse", "siege", "battle", "offensive",
    "genocide", "famine", "annexation", "withdrawal pullout", "reunification", "blackout",
    "scandal", "hijacking", "evacuation", "launch", "landing", "deal agreement accord treaty",
    "agreement accord treaty deal", "treaty agreement", "vote ballot poll election referendum",
)  # fmt: skip
_HEADS = {line.split()[0]: tuple(line.split()) for line in _KINDS}
_HEADS |= {word: tuple(line.split()) for line in _KINDS for word in line.split()[1:]} | _HEADS
_HEAD = "|".join(sorted(_HEADS, key=len, reverse=True))
_HOW = "|".join(sorted(_RELATIONS, key=len, reverse=True))
_NAME = r"[A-Z][\w’'.-]*"
_EVENT = (
    r"(?P<event>(?P<lead>(?:the|this|that|these|those|its|their|his|her)\s"
    rf"(?:[\w’'-]+\s){{0,5}}?|(?:{_NAME}\s){{1,4}})?(?P<head>(?i:{_HEAD}))\b"
    rf"(?P<name>\s(?:{_NAME}|II?\b))?"
    rf"(?:\s(?:in|of|on|at|with|against|between|over)\s(?:the\s)?[\w’'., -]{{2,60}}?)?)"
)
_AT_END = re.compile(rf"[\s,](?P<how>{_HOW})\s{_EVENT}\s*[?.!]*$")
_AT_START = re.compile(rf"^(?P<how>{_HOW.title()}|{_HOW.capitalize()}|{_HOW})\s{_EVENT},\s")
_OTHER_WORDS = frozenset(("against", *WEEKDAYS, *MONTH_NUMBER))
_CAPITAL = re.compile(r"\b[A-Z][^\W\d_]{2,}")

# Before the event's name these say that the date near it is that of something else.
_APART = re.compile(
    r"\b(?:after|before|since|following|until|anniversary|memory|victims|veterans?|years?|months?|"
    r"weeks?|days?|aftermath|wake|survivors?|prior)\b[^.;:]{0,30}$",
    re.IGNORECASE,
)
# Between the event's name and its date, or the other way round.
_OWN_WORDS = re.compile(
    r"^\W*(?:(?:of|in|on|that|which|was|were|is|began|begin|begins|started|starts|broke|out|erupted|"
    r"struck|hit|shook|rocked|took|take|takes|place|occurred|happened|held|be|will|opened|opens|"
    r"flared|up|came|the|early|late|mid|morning|evening|night|a|five-day|brief|last|killed|during|"
    r"at|dawn|there|between|and|with|against|when|who|where|midday|noon|local|time|itself|five|day|first|deadly|massive|"
    r"[\w-]+-magnitude|magnitude|\d\.\d|\d-day|powerful|presidential|parliamentary|general|summer|"
    r"winter|olympic)\W+|[A-Z][\w’'-]+\W+){0,6}\W*$",
)
_OWN, _NEAR = 3.0, 1.0
_NEAR_WORDS = 12
_ENOUGH, _DOUBT = 2.0, 0.66
# Days of one event told apart, its first and its last, are at most so far from each other.
_ONE_EVENT = 45
# A war may be told with its first and last year.
_LONGEST = 10 * 366


@dataclass(frozen=True, slots=True)
class EventPhrase:
    """Where a question counts from an event: ``question[start:end]`` is "before the war".

    ``event`` is "the war", ``kinds`` the words that passages may call it by, ``names`` what else
    a passage must name; ``rest`` is the question without the phrase.
    """

    start: int
    end: int
    text: str
    event: str
    relation: Relation
    kinds: tuple[str, ...]
    names: tuple[str, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class EventSource:
    """A sentence that dates an event: ``article.text[start:end] == quote``, about ``iso``.

    ``weight`` is more when the date is in the event's own words; ``written`` says that it stands
    there whole, and is not counted from the article's date.
    """

    article: str
    start: int
    end: int
    quote: str
    iso: str
    weight: float
    written: bool = True
    story: int = 0


@dataclass(frozen=True, slots=True)
class EventDate:
    """When an event was, how many independent articles say so, and the best of them.

    ``rivals`` are sources that date it otherwise; with ``iso`` empty they leave it open.
    """

    iso: str
    independent: int
    sources: tuple[EventSource, ...]
    rivals: tuple[EventSource, ...] = ()


def find_event(question: str) -> EventPhrase | None:
    """The phrase at the beginning or the end of a question that counts from an event.

    Only definite events count ("the war", "Hurricane Ida"): "after an earthquake" is a habit.
    """
    match = _AT_END.search(question) or _AT_START.match(question)
    if not match or not (match["lead"] or (match["name"] and match["head"][0].isupper())):
        return None
    start, end = match.start("how"), match.end("event")
    before, after = question[:start].rstrip(" ,"), question[end:].lstrip(" ,")
    rest = f"{before}{after}" if before else after[:1].upper() + after[1:]
    if len(rest.strip(" ?.!").split()) < 2:
        return None
    event = match["event"].rstrip(" ,.")
    head = match["head"].lower()
    names = _list_names(event, head)
    if not names:
        names = tuple(name for name in _CAPITAL.findall(rest) if not is_stop_word(name.lower()))
    return EventPhrase(
        start=start,
        end=end,
        text=question[start:end],
        event=event,
        relation=_RELATIONS[match["how"].lower()],
        kinds=_HEADS[head],
        names=names,
        rest=rest,
    )


def _list_names(event: str, head: str) -> tuple[str, ...]:
    words = re.findall(r"[^\W\d_][\w’'-]+", event)
    no_names = _OTHER_WORDS | {head}
    return tuple(
        re.sub(r"['’]s?$", "", word)
        for word in words
        if len(word) > 2 and not is_stop_word(word.lower()) and word.lower() not in no_names
    )


def date_event(phrase: EventPhrase, hits: Sequence[Hit]) -> EventDate | None:
    """When the passages say the event was; ``None`` when none of them dates it.

    The date that most independent articles can agree on wins, as precisely as two thirds of them
    allow. With a rival that nearly as many tell, ``iso`` is empty.
    """
    named = _choose_date(phrase, phrase.names, hits)
    if named is not None and (named.iso or named.rivals):
        return named
    # "before the war" of a question about a person: the war may be told without the person.
    return _choose_date(phrase, (), hits) or named


def _choose_date(
    phrase: EventPhrase, names: Sequence[str], hits: Sequence[Hit]
) -> EventDate | None:
    told = _label([source for hit in hits for source in _read_sources(phrase, names, hit)], hits)
    if not told:
        return None
    written = find_dates(phrase.event, None)
    if written:
        told = [item for item in told if are_compatible(item.iso, written[0].iso)] or told
    guesses = {item.iso for item in told} | _span_days(told)
    ranked = sorted(guesses, key=lambda iso: (-_support(iso, told), _length(iso), iso))
    best = ranked[0]
    for iso in ranked:
        closer = join_dates(iso, best) == iso and _length(iso) < _length(best)
        if closer and _support(iso, told) >= _DOUBT * _support(best, told):
            best = iso
    behind = tuple(
        sorted(
            _backers(best, told),
            key=lambda item: (item.iso != best, not item.written, -item.weight, item.article),
        )
    )
    rivals = [item for item in told if item not in behind]
    against = max((_support(item.iso, rivals) for item in rivals), default=0.0)
    count = len({item.story for item in behind})
    if _support(best, told) < _ENOUGH or against > _DOUBT * _support(best, told):
        return EventDate("", count, behind, tuple(rivals))
    return EventDate(best, count, behind, tuple(rivals))


def _label(told: list[EventSource], hits: Sequence[Hit]) -> list[EventSource]:
    """The sources with the story of their article, so that reprints count once."""
    named = {item.article for item in told}
    articles = {hit.article.id: hit.article for hit in hits if hit.article.id in named}
    labels = dict(zip(articles, label_stories(list(articles.values())), strict=True))
    return [replace(item, story=labels[item.article]) for item in told]


def _read_sources(phrase: EventPhrase, names: Sequence[str], hit: Hit) -> list[EventSource]:
    """The dates that one passage gives to the event, if it has the names."""
    text, article = hit.passage.text, hit.article
    around = f"{article.title} {text}".lower()
    words = re.findall(r"[^\W\d_]+", around)
    for name in names:
        parts = re.findall(r"[^\W\d_]+", name.lower())
        if not all(any(share_stem(part, word) for word in words) for part in parts):
            return []
    found = []
    for span in find_dates(text, article.published.iso if article.published else None):
        bounds = read_bounds(span.iso)
        if not bounds or bounds.days > (_LONGEST if "/" in span.iso else 366):
            continue
        weight = _weigh(phrase, text, span)
        if weight:
            first, last = quote_sentence(text, span.start, span.end, article.language)
            offset = hit.passage.start
            quote = text[first:last]
            start, end = offset + first, offset + last
            written = span.note == "as written"
            found.append(EventSource(article.id, start, end, quote, span.iso, weight, written))
    return found


def _weigh(phrase: EventPhrase, text: str, span: TimeSpan) -> float:
    """How surely the date is the event's: in its own words, near it in its sentence, or not."""
    first, last = find_sentence(text, span.start, span.end)
    best = 0.0
    kinds = "|".join(map(re.escape, phrase.kinds))
    for match in re.finditer(rf"\b(?:{kinds})\b", text[first:last], re.IGNORECASE):
        start, end = first + match.start(), first + match.end()
        inside = span.end <= start and _OWN_WORDS.match(text[span.end : start])
        if inside and not re.search(r"[,;:(]", text[span.end : start]):
            best = max(best, _OWN)
            continue
        if re.match(r"\sof\s(?:the\s)?$", text[end : span.start]):
            best = max(best, _OWN)
            continue
        if _APART.search(text[first:start]):
            continue
        between = text[end : span.start] if end <= span.start else text[span.end : start]
        if end <= span.start and _OWN_WORDS.match(between):
            best = max(best, _OWN)
        elif len(between.split()) <= _NEAR_WORDS and not re.search(r"[;:]", between):
            best = max(best, _NEAR)
    return best


def _backers(iso: str, told: Sequence[EventSource]) -> list[EventSource]:
    bounds = read_bounds(iso)
    if "/" in iso and bounds:
        inside = [(item, read_bounds(item.iso)) for item in told]
        return [item for item, own in inside if own and (bounds.holds(own) or own.holds(bounds))]
    return [item for item in told if are_compatible(iso, item.iso)]


def _support(iso: str, told: Sequence[EventSource]) -> float:
    """What speaks for a date: the best source of each story that is compatible with it."""
    stories: dict[int, float] = {}
    for item in _backers(iso, told):
        stories[item.story] = max(stories.get(item.story, 0.0), item.weight)
    return sum(stories.values())


def _span_days(told: Sequence[EventSource]) -> set[str]:
    """From the first to the last day that is surely told of one event, weeks apart at most."""
    days = sorted({item.iso for item in told if item.weight >= _OWN and len(item.iso) == 10})
    spans = set()
    for first in days:
        for last in days:
            begin, end = read_bounds(first), read_bounds(last)
            if begin and end and first < last and (end.last - begin.first).days <= _ONE_EVENT:
                spans.add(interval_iso(begin.first, end.last))
    return spans


def _length(iso: str) -> int:
    bounds = read_bounds(iso)
    return bounds.days if bounds else 0


def bound_publication(relation: Relation, iso: str) -> tuple[str, str]:
    """The first and last day, either empty, on which a source of that time appeared.

    What came out on the day of an event came out after it. Of an event of which only a day is
    told, during has no end; else the day after it counts too.
    """
    bounds = read_bounds(iso)
    if not bounds:
        return "", ""
    day = timedelta(days=1)
    if relation == "before":
        return "", (bounds.first - day).isoformat()
    if relation == "after":
        return bounds.first.isoformat(), ""
    if relation == "until":
        return "", bounds.last.isoformat()
    last = (bounds.last + day).isoformat() if bounds.days > 1 else ""
    return bounds.first.isoformat(), last
