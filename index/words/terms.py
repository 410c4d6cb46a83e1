"""What counts as a word: one spelling, one stem, and which words of a question say nothing.

Passages and questions go through the same steps, so that what is written in two ways is found in
both: ``U.S.`` and ``US``, ``Georgia's`` and ``Georgia``, ``7,600`` and ``7600``, ``26th`` and
``26``, ``Zürich`` and ``Zurich``, a word with soft hyphens or ligatures and without. English,
Russian, Arabic and Greek words are stemmed, each script by its own stemmer; the English stemmer
also cuts words of other languages in Latin script, in passages and questions alike, so those are
found at least as they are spelled. Scripts written without spaces are indexed as overlapping pairs
of characters.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

import tantivy

from index.text.scripts import UNSPACED
from index.text.stopwords import is_stop_word

_APOSTROPHES = str.maketrans("’‘ʼ＇`", "'''''")
# Ignored when words are compared (Unicode Technical Standard 10), so no part of how one is spelled;
# but the joiners set letters apart in Persian and the scripts of India.
_HIDDEN = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
    "|(?<![\u0600-\u0dff])[\u200c\u200d]"
)
_POSSESSIVE = re.compile(r"(?<=\w)'s\b", re.IGNORECASE)
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
# Also the mark that repeats a sign, and rarer signs.
_UNSPACED = re.compile(rf"[{UNSPACED}\u3005\uf900-\ufaff\U00020000-\U0003134f]+")
_WORD = re.compile(r"\w+")
_BETWEEN = re.compile(r"\W+")


def spell_words(text: str) -> str:
    """``text`` with each word in the one spelling under which it is indexed and looked up."""
    if not text.isascii():
        text = _HIDDEN.sub("", text)
        text = drop_marks(unicodedata.normalize("NFKC", text).translate(_APOSTROPHES))
        text = _UNSPACED.sub(lambda run: f" {split_pairs(run.group())} ", text)
    if "'" in text:
        text = _POSSESSIVE.sub("", text)
    if "." in text:
        text = _INITIALS.sub(lambda initials: initials.group().replace(".", ""), text)
    if "," in text:
        text = _THOUSANDS.sub("", text)
    text = _ORDINAL.sub("", text)
    # Python and tantivy do not agree on every rare character; what is no word here ends one there.
    return text if text.isascii() else _BETWEEN.sub(" ", text)


def drop_marks(text: str) -> str:
    """``text`` without the marks that NFKC leaves apart, such as vowel points.

    Many writers leave them out. Those of the scripts of India are letters and stay.
    """
    # A text has few different characters, and most texts have none of these.
    marks = [
        character
        for character in set(text)
        if unicodedata.category(character) == "Mn" and not "\u0900" <= character < "\u0e00"
    ]
    for mark in marks:
        text = text.replace(mark, "")
    return text


def split_pairs(run: str) -> str:
    """The overlapping pairs of characters of ``run``, spaced; a single character stays one."""
    return " ".join(run[i : i + 2] for i in range(max(len(run) - 1, 1)))


def query_terms(question: str) -> list[str]:
    """The terms to look up for ``question``, in order, without the words that say nothing.

    A question of nothing but such words keeps them all. An abbreviation in capitals is no stop
    word (``WHO``, ``IT``, ``US``) unless the whole question is in capitals.
    """
    words = _WORD.findall(spell_words(question))
    telling = [word for word, tells in zip(words, find_telling(words), strict=True) if tells]
    terms: list[str] = analyzer().analyze(" ".join(telling or words))
    return terms


def list_words(question: str) -> list[str]:
    """The words of ``question`` that say something, in lower case, as they are looked up."""
    words = _WORD.findall(spell_words(question))
    return [w.lower() for w, tells in zip(words, find_telling(words), strict=True) if tells]


def fold_letters(text: str) -> str:
    """``text`` in small letters without accents: ``ø`` as ``o``, ``ß`` as ``ss``."""
    return str(_folder().analyze(text)[0]) if text else text


@cache
def _folder() -> tantivy.TextAnalyzer:
    """The analyzer that takes a text whole."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    return builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold()).build()


def find_written(term: str, text: str) -> str:
    """The first word of ``text`` that is indexed as ``term``, as it is written; empty if none."""
    for match in _WORD.finditer(text):
        if analyzer().analyze(spell_words(match.group())) == [term]:
            return match.group()
    return ""


def query_pairs(question: str) -> set[tuple[str, str]]:
    """The pairs of different terms that stand side by side in ``question``, as in a name."""
    words = _WORD.findall(spell_words(question))
    tells = find_telling(words)
    beside = [
        analyzer().analyze(f"{words[i]} {words[i + 1]}")
        for i in range(len(words) - 1)
        if tells[i] and tells[i + 1]
    ]
    return {(pair[0], pair[1]) for pair in beside if len(pair) == 2 and pair[0] != pair[1]}


def find_telling(words: Sequence[str]) -> list[bool]:
    """Which words of a question are about something."""
    shouted = not any(word.islower() for word in words)
    return [
        not is_stop_word(word.lower()) or (len(word) > 1 and word.isupper() and not shouted)
        for word in words
    ]


@cache
def analyzer() -> tantivy.TextAnalyzer:
    """The analyzer that turns spelled text into terms, for passages and questions alike."""
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(100))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
    )
    for language in ("english", "russian", "arabic", "greek"):
        builder = builder.filter(tantivy.Filter.stemmer(language))
    return builder.build()
