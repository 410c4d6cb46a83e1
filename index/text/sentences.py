"""Text → sentences with exact offsets.

The boundaries come from Wikimedia's ``sentencex``, which knows the abbreviations of many languages
but never cuts inside quotation marks or parentheses, where news keeps much of what was said. So it
is shown the text with those marks blanked out (one character for one, so that offsets hold), and
its cuts are then set right: closing marks go with the sentence they close, opening marks with the
one they open, and a cut inside an abbreviation or before ``she said`` is taken back.
"""

import re
from collections.abc import Iterator, Sequence

Offsets = tuple[int, int]

_LINE = re.compile(r"[^\n\r\f\v\x85\u2028\u2029]+")
_BULLET = re.compile(r"(?:[-–—−•◦▪●■►▶»*+·]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s")
_ENDS_SENTENCE = re.compile(r"[.!?:;…。！？．؟۔।։።][\"'”’»›)\]]*$")
_FIRST_WORD = re.compile(r"\S+")

_OPENING = "“„«‹([{‘‚`"
_CLOSING = "”»›)]}’"
_MARKS = f"\"'{_OPENING}{_CLOSING}"
# Brackets stay visible: "won.[2] She" is a case that sentencex knows. White space of several bytes
# in UTF-8 makes it panic behind a lone letter.
_SPACES = "\t\n\r\v\f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_BLANKED = {ord(mark): " " for mark in f'"“”„«»‹›(){{}}‘‚`{_SPACES}'}
_CLOSING_APOSTROPHE = re.compile(r"[’'](?<=[.!?…,].)(?=[\s\"”]|$)")
_SURROGATE = re.compile("[\ud800-\udfff]")

# Of text without spaces: what is looked at together, and how much of that again with what follows.
_PIECE = 2_000
_LEFT = 500

_TERMINALS = ".!?…"
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[ivxIVX]{1,5}|[a-zA-Z])[.)]$")
_INITIAL = re.compile(r"(?:^|[\W\d_])[^\W\d_]\.$")
_NEXT_INITIAL = re.compile(r"[^\W\d_]\.")
_BEFORE_LOWER_CASE = re.compile(
    r"(?:^|[\s(\"“])(?:Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Me|Mich"
    r"|Minn|Miss|Mo|Mont|Neb|Nev|Okla|Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis|Wyo|[A-Z]-[A-Z][A-Za-z.]*"
    r"|[Ee]st|[Pp]ct|[Aa]pprox|Ave|Blvd|Rd|Bros|Corp|Cos?|Inc|Ltd|Jr|Sr|etc|ca?|al)\.$"
)
_AFTER_HOUR = re.compile(
    r"(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T|MSK|[JI]ST|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
    r"|(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d"
)
_DOTS = re.compile(r"(?:…|\.\s?\.\s?\.)$")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_SCRIPTS = (("ru", re.compile("[а-яё]", re.IGNORECASE)), ("ja", re.compile("[\u3040-\u30ff]")))


def split_sentences(text: str, language: str = "en") -> list[Offsets]:
    """The sentences of ``text`` as ordered, trimmed, non-overlapping ``(start, end)`` offsets.

    Every character that is not white space lies in exactly one of them. None crosses a paragraph
    break: a blank line, or the end of a line that is not merely wrapped. ``language`` is an ISO 639
    code (``en``, ``pt-BR``); empty means a guess from the script. Text without punctuation is one
    sentence a paragraph, however long; nothing is said about whether it is good prose.
    """
    return [sentence for group in group_sentences(text, language) for sentence in group]


def group_sentences(text: str, language: str = "en") -> Iterator[list[Offsets]]:
    """The sentences of ``split_sentences``, a list for each paragraph."""
    code = language.replace("_", "-").split("-")[0].lower() or _guess_language(text)
    for start, end in split_paragraphs(text):
        paragraph = text[start:end]
        cuts = [0, *_find_cuts(paragraph, code), len(paragraph)]
        sentences = []
        for left, right in zip(cuts, cuts[1:], strict=False):
            piece = paragraph[left:right]
            trimmed = piece.strip()
            if trimmed:
                first = start + left + len(piece) - len(piece.lstrip())
                sentences.append((first, first + len(trimmed)))
        yield sentences


def split_lines(text: str) -> list[Offsets]:
    """The lines of ``text`` that are not blank, as trimmed ``(start, end)`` offsets."""
    lines = []
    for match in _LINE.finditer(text):
        line = match[0]
        trimmed = line.strip()
        if trimmed:
            start = match.start() + len(line) - len(line.lstrip())
            lines.append((start, start + len(trimmed)))
    return lines


def split_paragraphs(text: str) -> list[Offsets]:
    """The paragraphs of ``text`` as trimmed ``(start, end)`` offsets.

    A line is a paragraph unless it is wrapped: in text set to a width, where the next line's first
    word would not have fitted, or where the next line goes on in lower case.
    """
    lines = split_lines(text)
    width = _find_wrap_width(text, lines)
    paragraphs: list[Offsets] = []
    for index, (start, end) in enumerate(lines):
        if index and _goes_on(text, lines[index - 1], (start, end), width):
            paragraphs[-1] = (paragraphs[-1][0], end)
        else:
            paragraphs.append((start, end))
    return paragraphs


def _goes_on(text: str, line: Offsets, following: Offsets, width: int) -> bool:
    """Whether ``following`` continues the paragraph of ``line``."""
    if not _is_adjacent(text, line, following) or _BULLET.match(text, following[0], following[1]):
        return False
    if width and _length_with_next_word(text, line, following) > width:
        return True
    if not text[following[0]].islower():
        return False
    content = text[line[0] : line[1]]
    return not _ENDS_SENTENCE.search(content[-6:]) and not _BULLET.match(content)


def _is_adjacent(text: str, line: Offsets, following: Offsets) -> bool:
    """Whether no blank line and no page break lies between two lines."""
    gap = text[line[1] : following[0]].replace("\r\n", "\n")
    return gap.count("\n") + gap.count("\r") <= 1 and not set(gap) & {"\f", "\u2029"}


def _length_with_next_word(text: str, line: Offsets, following: Offsets) -> int:
    word = _FIRST_WORD.match(text, following[0])
    return line[1] - line[0] + 1 + (len(word[0]) if word else 0)


def _find_wrap_width(text: str, lines: Sequence[Offsets]) -> int:
    """The width that ``text`` is wrapped to; 0 when its lines are paragraphs.

    It counts as wrapped when most lines that another follows are so full that the next word would
    not have fitted.
    """
    pairs = [
        (line[1] - line[0], _length_with_next_word(text, line, following))
        for line, following in zip(lines, lines[1:], strict=False)
        if _is_adjacent(text, line, following)
    ]
    if len(pairs) < 3:
        return 0
    width = sorted(length for length, _ in pairs)[int(len(pairs) * 0.95)]
    full = sum(length > width for _, length in pairs)
    return width if 30 <= width <= 140 and full >= 0.6 * len(pairs) else 0


def _guess_language(text: str) -> str:
    if text.isascii():
        return "en"
    sample = text[:2000]
    for code, letters in _SCRIPTS:
        if 4 * len(letters.findall(sample)) > len(sample):
            return code
    return "en"


def _find_cuts(paragraph: str, language: str) -> Iterator[int]:
    """Where one sentence of ``paragraph`` ends and white space or the next sentence begins."""
    shown = _CLOSING_APOSTROPHE.sub(" ", paragraph).translate(_BLANKED)
    if not shown.isascii():
        shown = _SURROGATE.sub("\ufffd", shown)
    previous = following = 0
    has_words = False
    for boundary in _find_boundaries(shown, language):
        if boundary <= following:
            continue  # a second cut within the same run of marks and spaces
        start = following
        cut, following = _place_cut(paragraph, boundary)
        has_words = has_words or bool(_LETTER_OR_DIGIT.search(paragraph, start, cut))
        if has_words and previous < cut and following < len(paragraph):
            # The rules look no further back than this: a sentence may be as long as the text.
            tail = paragraph[max(previous, cut - 40) : cut]
            if _is_sentence_end(tail, paragraph[following : following + 12], following > cut):
                yield cut
                previous = cut
                has_words = False


def _find_boundaries(text: str, language: str) -> Iterator[int]:
    """The ends that ``sentencex`` gives to the sentences of ``text``, but for the last one.

    It takes time quadratic in the length of text without spaces, so it is given such text a piece
    at a time. The next piece begins where a sentence does; what is near the end of a piece is left
    to it, so that a quotation of usual length is seen whole.
    """
    from sentencex import get_sentence_boundaries

    spaced = max(map(len, text.split(" ")), default=0) < _PIECE
    length = len(text) if spaced else _PIECE
    start = 0
    while True:
        piece = text[start : start + length]
        ends = [start + found["end_index"] for found in get_sentence_boundaries(language, piece)]
        if start + len(piece) == len(text):
            yield from ends[:-1]
            return
        settled = [end for end in ends if end <= start + length - _LEFT]
        yield from settled
        start = settled[-1] if settled else _find_pause(text, start + length - _LEFT)


def _find_pause(text: str, position: int) -> int:
    """Just behind the last space shortly before ``position``; without any, there."""
    return text.rfind(" ", position - _LEFT, position) + 1 or position


def _place_cut(paragraph: str, cut: int) -> tuple[int, int]:
    """The cut behind the marks that close a sentence, and where the next one's first word is."""
    first = cut
    while first and (paragraph[first - 1].isspace() or paragraph[first - 1] in _MARKS):
        first -= 1
    following = cut
    while following < len(paragraph) and (
        paragraph[following].isspace() or paragraph[following] in _MARKS
    ):
        following += 1
    placed = first
    while placed < following and paragraph[placed] in _MARKS and paragraph[placed] not in _OPENING:
        placed += 1
    if paragraph[placed : placed + 2].strip() == "»" and placed + 2 <= following:
        placed += 2  # « Oui. »
    return placed, following


def _is_sentence_end(piece: str, following: str, spaced: bool) -> bool:
    """Whether a sentence ends with ``piece``, given how the words of the next one begin."""
    piece = piece.strip()
    if len(piece) < 8 and _ENUMERATOR.match(piece):
        return False
    if not spaced and _INITIAL.search(piece) and _NEXT_INITIAL.match(following):
        return False
    if not following[0].islower():
        return not (piece.endswith(("a.m.", "p.m.")) and _AFTER_HOUR.match(following))
    bare = piece.rstrip(_MARKS)
    quoted = len(bare) < len(piece) and bare.endswith(tuple(_TERMINALS))
    return not (
        quoted or piece.endswith("!") or _DOTS.search(piece) or _BEFORE_LOWER_CASE.search(piece)
    )


def mask_digits(line: str) -> str:
    """``line`` with one mark for each number and without case: page 9's head is page 10's."""
    return re.sub(r"\d+", "#", " ".join(line.casefold().split()))
