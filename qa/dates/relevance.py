"""How much of what a question asks about a sentence speaks of."""

import re

from index.text.sentences import split_sentences
from qa.dates.grammar.words import MONTH_NUMBER, WEEKDAYS

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_EMPTY = frozenset(
    "a an the and or but of in on at to from for by with as into over after before since until "
    "when what which who whom whose where why how did do does was were is are be been being will "
    "would has have had can could should may might must its his her their our your it he she they "
    "we us me you i please this that these those there date day year month time exactly first "
    "last many much long not no than then also about between during against happen happened take "
    "place took "
    "occur begin began start started".split()
) | {*WEEKDAYS, *MONTH_NUMBER}


# Questions ask with the base form what news tells in the past: "When did they meet?", "they met".
_IRREGULAR = (
    "meet met|win won|lose lost|become became|hold held|fall fell fallen|break broke broken|"
    "strike struck|leave left|send sent|sell sold|buy bought|build built|shoot shot|find found|"
    "lead led|give gave given|make made|say said|go went gone|come came|fight fought|steal stole "
    "stolen|sink sank sunk|fly flew flown|rise rose risen|speak spoke spoken|withdraw withdrew "
    "withdrawn|overthrow overthrew overthrown|catch caught|seek sought|drive drove driven|swear "
    "swore sworn|grow grew grown|write wrote written|see saw seen|pay paid|tell told|die died dead "
    "death|freeze froze frozen|bring brought|teach taught|run ran|draw drew drawn|choose chose "
    "chosen|keep kept|lay laid|rule ruled|flee fled|bear born|tear tore torn|hide hid hidden|"
    "resume resumed|marry married marriage|undergo underwent|forbid forbade forbidden"
)
_BASE = {word: line.split()[0] for line in _IRREGULAR.split("|") for word in line.split()}


def subject_words(text: str) -> tuple[str, ...]:
    """The words that carry the matter, in lower case, without those of time and grammar."""
    words = (re.sub(r"['’]s?$", "", word.lower()) for word in _WORD.findall(text))
    words = (re.sub(r"['’]s$", "", word) for word in words)
    return tuple(dict.fromkeys(word for word in words if len(word) > 1 and word not in _EMPTY))


def share_stem(one: str, other: str) -> bool:
    """Whether two words begin alike enough to be forms of one: recognize, recognition."""
    if one == other:
        return True
    shorter = min(len(one), len(other))
    needed = max(4, (3 * shorter + 3) // 4)
    return shorter >= needed and one[:needed] == other[:needed]


def quote_sentence(text: str, start: int, end: int, language: str) -> tuple[int, int]:
    """Where the whole sentence, or sentences, around ``text[start:end]`` begin and end.

    It is what may be shown as a quote; ``tense.find_sentence`` is faster and cuts long ones.
    """
    touched = [
        item for item in split_sentences(text, language) if item[0] < end and start < item[1]
    ]
    return (touched[0][0], touched[-1][1]) if touched else (start, end)


def coverage(question_words: tuple[str, ...], sentence: str) -> float:
    """The part of the question's words, 0 to 1, of which the sentence has a form."""
    if not question_words:
        return 0.0
    words = subject_words(sentence)
    found = sum(any(same_word(asked, word) for word in words) for asked in question_words)
    return found / len(question_words)


def same_word(one: str, other: str) -> bool:
    """Whether two words are forms of one, those of irregular verbs too: meet, met."""
    if share_stem(one, other):
        return True
    base = _BASE.get(one)
    return base is not None and base == _BASE.get(other)


def is_nearest(
    matter: tuple[str, ...], sentence: str, spans: list[tuple[int, int]], place: int
) -> bool:
    """Whether a word of what is asked stands nearer to this date than to the sentence's others.

    ``spans`` are where the dates stand in the sentence: in "destroyed in 1999, it was rebuilt in
    2004", 1999 is nearest to "destroyed".
    """
    gaps = [len(sentence)] * len(spans)
    for word in _WORD.finditer(sentence):
        if any(same_word(asked, word[0].lower()) for asked in matter):
            for index, (start, end) in enumerate(spans):
                gaps[index] = min(gaps[index], max(word.start() - end, start - word.end(), 0))
    return all(gaps[place] < gap for index, gap in enumerate(gaps) if index != place)
