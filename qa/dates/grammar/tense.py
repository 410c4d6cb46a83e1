"""Whether what a sentence says of a day is still to come.

"voted on Monday" is the Monday before, "will vote on Monday" the one after. The cue is the
nearest verb or word of planning before the date, else the nearest after it; without any, news
tells what has been. This is no parser: a cue of another clause is sometimes the nearest.
"""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache

from index.text.sentences import split_sentences
from index.text.verbs import PAST_FORMS

_AHEAD = frozenset(
    "will shall won't would could might may must should due scheduled slated set poised expected "
    "expects expect upcoming planned plans plan planning hopes hope intends aims deadline "
    "ahead forthcoming tomorrow starting beginning next tentatively promises vows wants pending "
    "slates schedules prepares seeks 'll ’ll they'll we'll he'll she'll it'll "
    "they’ll we’ll he’ll she’ll it’ll coming can".split()
)
# Present tense for what is fixed: "talks begin on Friday", "the court meets on Monday".
_FIXED = frozenset(
    "begins opens reopens starts closes meets expires ends leaves hosts holds resumes travels "
    "flies goes kicks launches arrives departs retires premieres airs tees celebrates hears "
    "decides considers takes falls continues lasts remains applies becomes debuts".split()
)
_FIXED_PLURAL = frozenset(
    "begin open reopen start close meet expire end resume go arrive leave return vote play run "
    "take kick head fly hold continue last remain apply".split()
)
_BEHIND = PAST_FORMS | frozenset(
    "was were had has have been ordered killed since says died telling saying adding speaking "
    "writing rejected beat".split()
)
_NOT_VERBS = frozenset(
    "hundred need speed seed feed breed indeed red bed shed sacred naked wicked unprecedented "
    "united embed weed deed greed limited aged alleged beloved rugged detailed armed so-called "
    "interested married".split()
)
_PLANNED_TO = frozenset(
    "due scheduled slated set poised expected plans plan hopes hope intends aims going able ready "
    "agreed promised vowed pledged wants want planned is are has have invited asked urged ordered "
    "likely set's eager bound refused offered threatened decided".split()
)
_CONDITIONALS = frozenset("will would shall could might must should may be can won't".split())
_TOKEN = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?|['’]ll")
_MOVED = frozenset(
    "extended postponed delayed moved adjourned deferred rescheduled remanded valid closed shut "
    "suspended back forward".split()
)
# "the report for May" tells of a month that is over.
_FIGURES = frozenset(
    "report reports data figures figure sales results index numbers number statement earnings rate "
    "rates estimate estimates budget total totals".split()
)
_HAS_BEEN = re.compile(r"\b(?:had|was|were)\b")
_REACH = 240


def find_sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around ``text[start:end]`` begins and ends, at most 240 characters off."""
    first, last = max(0, start - _REACH), min(len(text), end + _REACH)
    begins, ends = _find_sentences(text)
    holding = bisect_left(ends, end)
    if holding < len(ends):
        last = min(last, ends[holding])
    before = min(bisect_right(begins, start) - 1, holding)
    return (max(first, begins[before]) if before >= 0 else first), last


@lru_cache(maxsize=32)
def _find_sentences(text: str) -> tuple[list[int], list[int]]:
    """Where the sentences begin, and where they end; both ascending."""
    sentences = split_sentences(text, "en")
    return [begin for begin, _ in sentences], [end for _, end in sentences]


def is_ahead(text: str, start: int, end: int) -> bool:
    """Whether the date at ``text[start:end]`` is told as still to come."""
    first, last = find_sentence(text, start, end)
    before = _TOKEN.findall(text[first:start])
    lead = before[-1].lower() if before else ""
    counted = len(before) > 1 and before[-2].lower() in _FIGURES
    if lead == "for" and not counted and not _HAS_BEEN.search(text[first:start]):
        return True
    if lead == "by" and not _HAS_BEEN.search(text[first:last]):
        return True
    if lead in ("until", "till", "to") and len(before) > 1 and before[-2] in _MOVED:
        return True
    found = _nearest_cue(before)
    if found is None:
        after = _TOKEN.findall(text[end:last])
        found = after[:1] in (["is"], ["are"]) or _first_cue(after)
    return bool(found)


def is_ahead_by_lead(text: str, start: int, end: int) -> bool:
    """Whether what comes before the date tells of it as still to come; the surer half."""
    first, _ = find_sentence(text, start, end)
    before = text[first:start]
    return bool(_nearest_cue(_TOKEN.findall(before))) or before.lower().endswith((" for ", " by "))


def has_cue(text: str, start: int, end: int) -> bool:
    """Whether the sentence has any verb of what is over or still to come."""
    first, last = find_sentence(text, start, end)
    before, after = _TOKEN.findall(text[first:start]), _TOKEN.findall(text[end:last])
    return _nearest_cue(before) is not None or _first_cue(after) is not None


def _nearest_cue(tokens: list[str]) -> bool | None:
    """Whether the last cue of the tokens points ahead; ``None`` if there is none."""
    words = _lower_words(tokens)
    for place in range(len(words) - 1, -1, -1):
        cue = _read_cue(words, tokens, place)
        if cue is not None:
            return cue
    return None


def _first_cue(tokens: list[str]) -> bool | None:
    words = _lower_words(tokens)
    for place in range(min(len(words), 20)):
        # "On Friday, buyers could see them" tells what was possible.
        if words[place] in ("deadline", "could"):
            continue
        cue = _read_cue(words, tokens, place)
        if cue is not None:
            return cue
    return None


def _lower_words(tokens: list[str]) -> list[str]:
    """The tokens in lower case, but for "May", which is no verb."""
    return [token if token == "May" else token.lower() for token in tokens]


def _read_cue(words: list[str], tokens: list[str], place: int) -> bool | None:
    """What the word says of time: ahead, behind, or nothing (``None``)."""
    word = words[place]
    earlier = words[max(0, place - 4) : place]
    if word in _AHEAD:
        return _read_plan(word, tokens[place], earlier)
    if word in _FIXED and earlier and earlier[-1] not in ("the", "a", "of", "in", "two", "his"):
        return True
    if word in _FIXED_PLURAL and earlier:
        if earlier[-1] == "to":
            return True if len(earlier) > 1 and earlier[-2] in _PLANNED_TO else None
        return True if earlier[-1].endswith("s") and earlier[-1] not in ("has", "was") else None
    if word == "to" and earlier and earlier[-1] in _PLANNED_TO:
        return True
    if word in _BEHIND or (word.endswith("ed") and len(word) > 4 and word not in _NOT_VERBS):
        planned = any(item in _CONDITIONALS for item in earlier[-3:])
        perfect = any(item in ("been", "have", "was", "were") for item in earlier[-2:])
        return planned and not perfect
    return None


def _read_plan(word: str, token: str, earlier: list[str]) -> bool | None:
    """Whether a word of planning points ahead where it stands."""
    if word == "may" and token != "may":
        return None
    if word in ("set", "next", "coming", "plan", "beginning", "starting", "due", "can", "going"):
        # "had set", "the next day", "beginning in 1990": no plan of today.
        return None if word in ("next", "set", "beginning", "starting") and not earlier else True
    if word in ("expected", "planned", "scheduled"):
        return not any(item in ("had", "was", "were", "as") for item in earlier[-2:])
    return True
