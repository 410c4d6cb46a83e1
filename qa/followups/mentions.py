"""Names in a question, an answer and its sentence: which are persons, and which answer.

What a name is of is read from what stands around it (a title, a verb of saying) and from the
common noun that ends it; a single word without such a hint counts as a thing or place.
"""

import re
from collections.abc import Iterable, Sequence

from qa.dates.grammar.words import MONTH_NUMBER, WEEKDAYS
from qa.followups import words as w
from qa.followups.parsing import Word, mark_names, parse_question
from qa.followups.records import PastTurn

_CALENDAR = {*WEEKDAYS, *MONTH_NUMBER}
_DIRECTIONS = frozenset(
    "south north east west southern northern eastern western upper lower new old great greater "
    "central san saint st port mount fort cape lake los las el".split()
)
_SINGULAR_PEOPLE = "|".join(sorted(w.PEOPLE_NOUNS))


def list_names(text: str, context: str = "") -> list[str]:
    """The names in a text, in order and without titles, each once; no months and weekdays.

    A capital at the start of a sentence alone makes no name; ``context`` shows whether the word
    has one inside a sentence too.
    """
    found: list[str] = []
    words = mark_names(text)
    place = 0
    while place < len(words):
        if not (words[place].name or begins_named(words, place, f"{text} {context}")):
            place += 1
            continue
        first = place
        place += 1
        while place < len(words) and words[place].name:
            place += 1
            if words[place - 1].text.endswith(("'s", "’s")):
                break
        name = text[words[first].start : words[place - 1].end]
        found.append(strip_titles(re.sub(r"(?:'s|’s)$", "", name)))
    return [
        name
        for name in dict.fromkeys(found)
        if name and not {*name.lower().split()} <= _CALENDAR and not name[0].isdigit()
    ]


def begins_named(words: Sequence[Word], place: int, context: str) -> bool:
    """Whether a capitalised word at the start of a sentence is a name all the same."""
    word = words[place]
    if not word.text[0].isupper() or word.low in w.FILLERS | w.DETERMINERS | w.PREPOSITIONS:
        return False
    if word.low in w.WH | w.AUXILIARIES | w.CONJUNCTIONS or word.low in w.PRONOUNS:
        return False
    if word.low in w.PEOPLE_NOUNS and place + 1 < len(words) and words[place + 1].name:
        return True
    inside = re.search(rf"[a-z,;] {re.escape(word.text)}\b", context)
    lower = re.search(rf"\b{re.escape(word.low)}\b", context)
    saying = place + 1 < len(words) and words[place + 1].low in w.SPEECH
    return bool(inside or (saying and not lower and not word.text.endswith("s")))


def strip_titles(name: str) -> str:
    """The name without the titles before it: "Prime Minister Agnes Toll" is Agnes Toll."""
    parts = name.split()
    titles = w.PEOPLE_NOUNS | {"mr", "mrs", "ms", "miss", "dr", "sir", "lord", "lady", "prime",
                               "foreign", "deputy", "vice", "chief", "first", "former"}  # fmt: skip
    while len(parts) > 1 and parts[0].lower().rstrip(".") in titles:
        parts = parts[1:]
    return " ".join(parts)


def is_person(name: str, context: str) -> bool:
    """Whether a name looks like that of a person, by its form and by what stands around it."""
    parts = name.split()
    lows = [part.lower().strip("'’") for part in parts]
    if not parts or any(low in w.THING_NOUNS for low in lows) or lows[0] in _DIRECTIONS:
        return False
    if any(character.isdigit() for character in name) or not name[0].isupper():
        return False
    quoted = re.escape(name)
    if re.search(rf"(?i:\b(?:{_SINGULAR_PEOPLE}|mr|mrs|ms|dr|sir)\b)\.?,?\s+{quoted}\b", context):
        return True
    if re.search(rf"\b{quoted},?\s+who\b", context):
        return True
    if len(parts) == 1:
        # A surname alone, of whom the whole name stands elsewhere.
        longer = full_name(name, context)
        return longer != name and is_person(longer, context)
    if any(part.isupper() and len(part) > 2 for part in parts) or len(parts) > 4:
        return False
    led = re.search(rf"\b(?:the|in|at|into|near|from|to)\s+{quoted}\b", context)
    return not led and all(part[0].isupper() or part.lower() in w.PREPOSITIONS for part in parts)


def full_name(name: str, context: str) -> str:
    """The longest name in the context that ends with this surname, else the name itself."""
    if " " in name:
        return name
    found = [item for item in list_names(context) if item.split()[-1] == name and item != name]
    return max(found, key=len, default=name)


def same_name(one: str, other: str) -> bool:
    """Whether one of two names is the other or its last or first part."""
    a, b = one.lower().split(), other.lower().split()
    short, long = sorted((a, b), key=len)
    return bool(short) and (long[-len(short) :] == short or long[: len(short)] == short)


def new_names(turn: PastTurn) -> list[str]:
    """The names that the answer, or the sentence that it stands on, adds to the question."""
    context = turn.passage or turn.quote
    asked = list_names(turn.question, context)
    text = turn.answer if list_names(turn.answer, context) else turn.quote
    return [
        full_name(name, context)
        for name in list_names(text, context)
        if not any(same_name(name, other) for other in asked)
    ]


def find_persons(names: Iterable[str], context: str) -> list[str]:
    """Those of the names that look like persons."""
    return [name for name in names if is_person(name, context)]


def asks_person(turn: PastTurn) -> bool:
    """Whether the question of a turn asks for a person."""
    parsed = parse_question(turn.question)
    if parsed.wh in ("who", "whom", "whose"):
        return True
    heads = [phrase.bare.lower().split()[-1] for phrase in parsed.phrases if phrase.role == "wh"]
    return any(head.removesuffix("s") in w.PEOPLE_NOUNS for head in heads)


def answering_names(turn: PastTurn) -> list[str]:
    """The names that answer a who-, which- or where-question, best first; empty for others."""
    parsed = parse_question(turn.question)
    names = new_names(turn)
    if parsed.wh in ("when", "why", "how") or not parsed.wh:
        return []
    context = f"{turn.quote} {turn.passage}"
    persons = find_persons(names, context)
    others = [name for name in names if name not in persons]
    if not asks_person(turn):
        return [*others, *persons]
    # Who did it may be a company; it is hardly where it was done.
    return [*persons, *(name for name in others if not stands_as_place(name, turn.quote))]


def stands_as_place(name: str, text: str) -> bool:
    """Whether a text names it as where something is."""
    led = rf"\b(?:in|at|near|from|to|into|off)\s+(?:the\s+)?{re.escape(name)}\b"
    return bool(re.search(led, text))


def matches_gender(name: str, pronoun: str, context: str) -> bool:
    """Whether the sentences that follow a name speak of "he" or "she", or a title tells it."""
    surname = name.split()[-1]
    wanted, other = (w.MALE, w.FEMALE) if pronoun == "he" else (w.FEMALE, w.MALE)
    score = 0
    for match in re.finditer(rf"\b{re.escape(surname)}\b", context):
        after = re.findall(r"[A-Za-z]+", context[match.end() : match.end() + 160].lower())
        before = re.findall(
            r"[A-Za-z]+", context[max(0, match.start() - 40) : match.start()].lower()
        )
        score += sum(word in wanted for word in (*after, *before))
        score -= sum(word in other for word in (*after, *before))
    return score >= 0


def answering_words(turn: PastTurn, most: int = 3) -> str:
    """The words that answer a what-question: the answer's own, else those after its verb."""
    parsed = parse_question(turn.question)
    if turn.answer and len(turn.answer.split()) <= 8:
        return turn.answer
    if not turn.quote:
        return ""
    asked = {stem(word.low) for word in parsed.words}
    words = mark_names(turn.quote)
    telling = [place for place, word in enumerate(words) if tells(word) and stem(word.low) in asked]
    verb = stem(parsed.words[parsed.verb].low) if parsed.verb >= 0 else ""
    if verb and verb not in {stem(word.low) for word in words}:
        return ""
    after = [word for word in words[telling[-1] + 1 :] if tells(word)] if telling else []
    return " ".join(word.text for word in after[:most])


def tells(word: Word) -> bool:
    """Whether a word of a sentence carries meaning of its own."""
    closed = w.FILLERS | w.AUXILIARIES | w.DETERMINERS | w.PREPOSITIONS | w.CONJUNCTIONS
    return word.text[0].isalnum() and word.low not in closed and word.low not in w.PRONOUNS


def stem(word: str) -> str:
    """The word cut to what its forms share, roughly."""
    for ending in ("ies", "ied", "ing", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
