"""An English question → its words with roles: who or what is asked, the verb, the phrases.

No tagger: question words, auxiliaries and common verbs are listed (``qa.followups.words``), and
what stands between them are the phrases. That is enough to say what a question is about; it is no
grammar, and a noun that is spelled like a verb may be taken for one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.followups import words as w

TOKEN = re.compile(r"[^\W_]+(?:[-.’'&]+[^\W_]+)*(?:'(?=\s))?|\d[\d,.]*\d|\S")
QUOTED = re.compile(
    r"(?<!\w)(?:'([^'?]{2,60})'|\"([^\"?]{2,60})\"|“([^”]{2,60})”|‘([^’]{2,60})’)(?!\w)"
)
OPENER = re.compile(
    r"^\W*(?:(?:and|but|so|or|ok|okay|then|well|also)\b[\s,]*)*"
    r"(?:(?P<about>(?:what|how)\s+about|what\s+of)\b[\s,]*)?",
    re.IGNORECASE,
)
MARKS = frozenset("? ! . … , ; : -".split())
LINKS = frozenset("of de von van der den la le du al el bin ibn".split())


@dataclass(frozen=True, slots=True)
class Word:
    """A token with its place in the question and whether it is part of a name."""

    text: str
    start: int
    end: int
    name: bool = False
    verb: bool = False

    @property
    def low(self) -> str:
        """In lower case, with plain apostrophes and no possessive ending."""
        return re.sub(r"'s$|'$", "", self.text.lower().replace("’", "'"))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of nouns and names: ``text`` with its determiner, ``first``:``last`` in the words.

    ``before`` is the preposition that leads it, else empty. ``role`` is ``wh`` (inside the words
    that ask), ``subject``, ``object`` or ``other``.
    """

    text: str
    first: int
    last: int
    before: str = ""
    role: str = "other"
    name: bool = False

    @property
    def bare(self) -> str:
        """Without its determiner and possessive ending."""
        tokens = self.text.split()
        if tokens and tokens[0].lower() in w.DETERMINERS:
            tokens = tokens[1:]
        return re.sub(r"(?:'s|’s|(?<=s)['’])$", "", " ".join(tokens))


@dataclass(frozen=True, slots=True)
class Parsed:
    """A question taken apart; places are indices of ``words``, -1 where there is none.

    ``opened`` says that it began with "and" or the like, ``about`` with "what about". ``wh_end``
    is where the words that ask end; ``aux`` the auxiliary after them; ``verb`` the main verb.
    """

    text: str
    words: tuple[Word, ...]
    opened: bool = False
    about: bool = False
    wh: str = ""
    wh_end: int = 0
    aux: int = -1
    verb: int = -1
    inverted: bool = False
    phrases: tuple[Phrase, ...] = field(default=())

    def cut(self, first: int, last: int) -> str:
        """The text from one word to before another."""
        if first >= last or first >= len(self.words):
            return ""
        return self.text[self.words[first].start : self.words[min(last, len(self.words)) - 1].end]

    @property
    def body(self) -> int:
        """How many words there are without the mark at the end."""
        count = len(self.words)
        while count and self.words[count - 1].text in MARKS:
            count -= 1
        return count

    def subject(self) -> Phrase | None:
        """The phrase after the auxiliary, if there is one."""
        return next((item for item in self.phrases if item.role == "subject"), None)


def parse_question(question: str) -> Parsed:
    """The question taken apart, without what opens it."""
    match = OPENER.match(question)
    cut = match.end() if match else 0
    about = bool(match and match["about"])
    opened = any(sign.isalpha() for sign in question[:cut])
    text = question[cut:].strip() if opened else question.strip()
    words = mark_names(text, fragment=opened)
    words, wh, wh_end, aux, verb, inverted = find_roles(words)
    phrases = find_phrases(text, words, wh_end, aux, verb, inverted=inverted)
    return Parsed(text, tuple(words), opened, about, wh, wh_end, aux, verb, inverted, phrases)


def mark_names(text: str, *, fragment: bool = False) -> list[Word]:
    """The words of a text, those of names marked; quoted titles are names."""
    quoted = [match.span() for match in QUOTED.finditer(text)]
    found: list[Word] = []
    for match in TOKEN.finditer(text):
        start, end = match.span()
        if quoted and any(a <= start < b for a, b in quoted):
            a, b = next(item for item in quoted if item[0] <= start < item[1])
            if not found or found[-1].start != a:
                found.append(Word(text[a:b], a, b, name=True))
            continue
        found.append(Word(match.group(), start, end))
    marked = []
    for place, word in enumerate(found):
        name = word.name or (
            word.text[0].isupper() and is_name_here(found, place, fragment=fragment)
        )
        marked.append(Word(word.text, word.start, word.end, name=name))
    # "of" and the like between two capitals belong to the name; a number after one does too.
    for place in range(1, len(marked) - 1):
        word, low = marked[place], marked[place].text.lower()
        before, after = marked[place - 1], marked[place + 1]
        if low in LINKS and before.name and after.name:
            marked[place] = Word(word.text, word.start, word.end, name=True)
    return marked


def is_name_here(words: Sequence[Word], place: int, *, fragment: bool) -> bool:
    """Whether a capital here means a name; the first word needs more than a capital."""
    low = words[place].low
    known = low in w.WH | w.AUXILIARIES | w.PREPOSITIONS | w.DETERMINERS | w.FILLERS
    if known or low in w.PRONOUNS or low in w.CONJUNCTIONS:
        upper = words[place].text.isupper() and len(words[place].text) > 1
        after_the = place > 0 and words[place - 1].low in ("the", "an", "a")
        title = low == "the" and place > 0 and capital(words, place + 1)
        return (upper and after_the) or title
    first = place == 0 or words[place - 1].text in ".!?:"
    if not first or fragment:
        return True
    return capital(words, place + 1) or words[place].text.isupper()


def capital(words: Sequence[Word], place: int) -> bool:
    """Whether the word there begins with a capital."""
    return place < len(words) and words[place].text[0].isupper()


def find_roles(words: list[Word]) -> tuple[list[Word], str, int, int, int, bool]:
    """The words with verbs marked, the question word, where it ends, auxiliary, verb, inversion."""
    lead = 1 if words and words[0].low in w.PREPOSITIONS else 0
    wh, wh_end, aux = "", 0, -1
    if len(words) > lead and words[lead].low in w.WH and not words[lead].name:
        wh, wh_end = words[lead].low, lead + 1
        alone = wh in ("when", "where", "why", "who", "whom")
        place = wh_end
        while place < len(words):
            word = words[place]
            if word.low in w.AUXILIARIES and not word.name:
                aux, wh_end = place, place
                break
            finite = not word.name and (
                is_finite(words, place, wh_end) or (word.low in w.PRONOUNS and place == wh_end)
            )
            prepares = word.low in w.PREPOSITIONS and word.low != "of" and not word.name
            ends = prepares or not (word.text[0].isalnum() or word.name)
            if alone or finite or (ends and place > wh_end) or not word.text[0].isalnum():
                wh_end = place
                break
            if (
                word.low in w.DETERMINERS
                and place > wh_end
                and wh != "how"
                and not aux_later(words, place)
            ):
                wh_end = place
                break
            place += 1
        else:
            wh_end = len(words)
    elif words and words[0].low in w.AUXILIARIES and not words[0].name:
        aux = 0
    marked, verb = mark_verbs(words, wh_end, aux)
    inverted = aux >= 0 and verb != aux + 1 and not adverb_then(verb, aux, marked)
    return marked, wh, wh_end, aux, verb, inverted


def adverb_then(verb: int, aux: int, words: Sequence[Word]) -> bool:
    """Whether only an adverb stands between auxiliary and verb, as in "was not elected"."""
    return verb == aux + 2 and (
        words[aux + 1].low.endswith("ly") or words[aux + 1].low in w.FILLERS
    )


def aux_later(words: Sequence[Word], place: int) -> bool:
    """Whether an auxiliary follows: then the words that ask go on, as in "what share of the"."""
    return any(word.low in w.AUXILIARIES and not word.name for word in words[place:])


def is_finite(words: Sequence[Word], place: int, wh_end: int) -> bool:
    """Whether the word after the question word (and its noun) is the verb."""
    low = words[place].low
    noun = place > wh_end
    later = any(item.low in w.AUXILIARIES and not item.name for item in words[place + 1 :])
    if w.is_past(low):
        nouns_after = place + 1 < len(words) and words[place + 1].low in w.AUXILIARIES
        return not nouns_after
    if w.is_base(low) and noun and w.is_plural(words[place - 1].low):
        return not later
    return w.is_third(low) and not later


def mark_verbs(words: list[Word], wh_end: int, aux: int) -> tuple[list[Word], int]:
    """The words with verbs marked, and the place of the main one."""
    main = -1
    marked = list(words)
    begin = aux + 1 if aux >= 0 else wh_end
    base_wanted = aux >= 0 and words[aux].low not in w.BE | {"has", "have", "had"}
    run: list[int] = []
    for place in range(begin, len(words) + 1):
        word = words[place] if place < len(words) else None
        ends = word is None or word.name or is_function(word)
        if word is not None and not ends:
            run.append(place)
            continue
        verb = pick_verb(words, run, aux, base_wanted and main < 0, begin)
        if verb >= 0:
            item = words[verb]
            marked[verb] = Word(item.text, item.start, item.end, verb=True)
            main = verb if main < 0 else main
        run = []
    if main < 0 and base_wanted:
        main = guess_verb(words, begin)
        if main >= 0:
            item = words[main]
            marked[main] = Word(item.text, item.start, item.end, verb=True)
    return marked, main


def guess_verb(words: Sequence[Word], begin: int) -> int:
    """The place of a verb that is on no list: the last word after a name, or of two or more.

    -1 when there is none, as in "when did Nicaragua?".
    """
    run: list[int] = []
    for place in range(begin, len(words) + 1):
        if place < len(words) and not words[place].name and not is_function(words[place]):
            run.append(place)
            continue
        if run and (len(run) > 1 or words[run[0] - 1].name):
            return run[-1]
        run = []
    return -1


def pick_verb(
    words: Sequence[Word], run: Sequence[int], aux: int, base_wanted: bool, begin: int
) -> int:
    """The place of the verb among a run of words without names and small words, else -1."""
    order = [*reversed(run)] if base_wanted else run
    if base_wanted:
        # "did the ferry begin sailing": the base form is the verb, whatever -ing follows.
        order = sorted(
            order,
            key=lambda place: (
                not w.is_base(words[place].low) or (words[place].low == "last" and place != run[-1])
            ),
        )
    for place in order:
        low = words[place].low
        before = words[place - 1].low if place else ""
        determined = before in w.DETERMINERS or (
            before in w.PREPOSITIONS and before != "to" and not low.endswith("ing")
        )
        if before in w.MODALS or (before == "to" and w.is_base(low)):
            return place
        if before == "be" and w.is_past(low):
            return place
        if determined and place != begin:
            continue
        if base_wanted and (w.is_base(low) or low in w.LIGHT):
            return place
        if w.is_past(low) and not base_wanted:
            return place
        if low.endswith("ing") and len(low) > 4 and (aux >= 0 or before in w.PREPOSITIONS):
            return place
        if aux < 0 and place == begin and (w.is_third(low) or w.is_base(low)):
            return place
    return -1


def is_function(word: Word) -> bool:
    """Whether the word is of a closed class, or a mark."""
    low = word.low
    return not word.name and (
        not word.text[0].isalnum()
        or low in w.PREPOSITIONS | w.DETERMINERS | w.AUXILIARIES | w.WH | w.CONJUNCTIONS
        or low in w.PRONOUNS
        or low in w.FILLERS
    )


def find_phrases(
    text: str, words: Sequence[Word], wh_end: int, aux: int, verb: int, *, inverted: bool
) -> tuple[Phrase, ...]:
    """The runs of nouns and names, "and" between two names and "of" inside; with their roles."""
    found: list[Phrase] = []
    place = 0
    seen_subject = False
    while place < len(words):
        if is_function(words[place]) or words[place].verb:
            place += 1
            continue
        first = place
        while place < len(words) and not is_function(words[place]) and not words[place].verb:
            place += 1
            if words[place - 1].text.endswith(("'s", "’s")) and not words[place - 1].name:
                continue
            joins = (
                place + 1 < len(words)
                and words[place].low == "and"
                and words[place - 1].name
                and words[place + 1].name
            )
            if joins:
                place += 1
        last = place
        if all(words[i].low in w.LIGHT and not words[i].name for i in range(first, last)):
            continue
        start = first
        while start and words[start - 1].low in w.DETERMINERS and not words[start - 1].name:
            start -= 1
        if start < first - 1 and words[start].low == "that":
            start += 1  # "said that the treaty": no determiner
        before = words[start - 1].low if start and words[start - 1].low in w.PREPOSITIONS else ""
        if first < wh_end:
            role = "wh"
        elif inverted and not seen_subject and (verb < 0 or first < verb) and not before:
            role, seen_subject = "subject", True
        elif (
            verb >= 0 and first > verb and not before and not any(p.role == "object" for p in found)
        ):
            role = "object"
        else:
            role = "other"
        name = any(words[i].name for i in range(first, last))
        shown = text[words[start].start : words[last - 1].end]
        found.append(Phrase(shown, start, last, before, role, name))
    return tuple(found)
