"""How much of what a question asks about a sentence speaks of."""

import re

from index.text.calendar import MONTH_NUMBER, WEEKDAYS
from index.text.sentences import split_sentences
from index.text.stems import same_word
from index.text.stopwords import is_stop_word

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# Of time and of happening, which every question about a date has.
_EMPTY = frozenset(
    "against began begin date day exactly first last long may might month not occur place since "
    "start started take time took year".split()
) | {*WEEKDAYS, *MONTH_NUMBER}


def subject_words(text: str) -> tuple[str, ...]:
    """The words that carry the matter, in lower case, without those of time and grammar."""
    words = (re.sub(r"['’]s?$", "", word.lower()) for word in _WORD.findall(text))
    words = (re.sub(r"['’]s$", "", word) for word in words)
    return tuple(
        dict.fromkeys(
            word
            for word in words
            if len(word) > 1 and word not in _EMPTY and not is_stop_word(word)
        )
    )


def quote_sentence(text: str, start: int, end: int, language: str) -> tuple[int, int]:
    """Where the whole sentence, or sentences, around ``text[start:end]`` begin and end.

    It is what may be shown as a quote; ``tense.find_sentence`` cuts long ones.
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
