"""How the top of an article is laid out: its lines, what they are, and where the body begins.

Headline, byline and dateline are found by what they are on any news page: the lines before the
first paragraph, without menus, share bars and picture credits.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.pages.boilerplate_phrases import name_label

# Lines and characters that can belong to the top of a page; what follows is story.
_TOP_LINES = 40
_TOP_CHARACTERS = 6000
_LONGEST_BOILERPLATE = 400

_BOILERPLATE = re.compile(
    r"""^(?:
    (?:please\ )?(?:subscribe|sign\ (?:in|up|out)|log\ ?(?:in|out)|register|share|tweet|print
      |e-?mail|save|menu|search|home|close|comments?|reply|follow|read\ more|more|next|previous|back
      |listen|play|watch(?:\ live|\ now)?|loader|chats?|newsfeed|newsletters?|live|video|photos?
      |gallery|advertise(?:ment)?|ad|sponsored|skip\ to\b.*|accessibility\ links|navigation
      |breadcrumb
      |facebook|twitter|telegram|whatsapp|linkedin|copy\ link|link\ copied!?|bookmark
      |audio|transcript|related(?:\ \w+)?|trending|most\ read|top\ stories|(?:breaking|latest)\ news
      |breaking|exclusive|analysis|opinion|editorial|feature|cookies?.*|privacy.*|terms.*
      |подписаться|поделиться|войти|регистрация|меню|поиск|реклама|новости|комментарии|главная
      |teilen|drucken|anmelden|suche|startseite|kommentare|anzeige|merken
      |partager|imprimer|connexion|s'abonner|compartir|imprimir|suscr[ií]bete)[\s:!.»>]*
    |share\ (?:this|on|with)\b.*|(?:text|font)\ size\b.*|follow\ us\b.*|log\ in\ or\b.*
    |to\ participate\ in\b.*|sign\ up\ for\b.*|subscribe\ (?:to|now)\b.*|click\ here\b.*
    |would\ you\ like\ to\ receive\b.*|get\ (?:our|the)\b.*\bnewsletter\b.*
    |for\ immediate\ release\W*|embargoed\b.*|press\ release\W*|news\ release\W*
    |pressemitteilung\W*|пресс-релиз\W*|communiqu[ée]\ de\ presse\W*
    |\d+\s+(?:comments?|shares?|likes?|views?|комментари\w+)|\W*\d*\W*
    |(?:estimated\ )?(?:reading\ time|time\ to\ read)\b.*
    |\d+\s*-?\s*min(?:ute)?s?\ (?:read|lesen)\b.*
    |(?:image|media)\ (?:source|caption|copyright)\b.*|(?:photo|image|picture)s?\s*(?:by|:|/|©).*
    |(?:foto|фото|bild|quelle|credit)s?\s*:.*|©.*|\(?c\)?\ \d{4}\b.*|getty\ images\b.*
    |file\ photo\b.*|enlarge\b.*|toggle\ caption.*|(?:icon\ ?\w*-?\w*){3,}.*|https?://\S+|www\.\S+
    |(?:editor['’]?s['’]?\ )?note\s*:.*|a\ version\ of\ this\ (?:story|article)\b.*
    |\(?this\ (?:story|article|page|post)\ (?:has\ been|was|is|will\ be|appeared|originally)\b.*
    |(?:also\ read|read\ also|see\ also|this\ post\ is\ also\ available)\b.*
    |(?:от|from|to|cc|sent|contacts?|tel|fax|phone|media\ contact)\s*:.*
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
# What may stand between the end of a sentence and the space after it: quotes, footnote marks.
_CLOSING = r"""(?:["'”’»)\]]|\[\w{1,3}\])*"""
_SENTENCE_END = re.compile(rf"[.!?…。！？؟]{_CLOSING}$")
_SENTENCE_INSIDE = re.compile(rf"""[\w)”"’'][.!?]{_CLOSING}\s+["'“‘«(]?[^\W\d_a-zа-яё]|[。！？]""")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, ``text[start:end]``; in wrapped text a paragraph, its breaks made spaces.

    ``alone`` says that empty lines (or the text's ends) are on both sides.
    """

    start: int
    end: int
    content: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The non-empty lines at the top of a text; ``body`` is the index of the story's first."""

    lines: tuple[Line, ...]
    body: int

    @property
    def top(self) -> tuple[Line, ...]:
        """The lines before the story begins."""
        return self.lines[: self.body]


@lru_cache(maxsize=2)
def read_layout(text: str) -> Layout:
    """The top of ``text`` as lines, and where among them the story begins.

    In a text that is wrapped at a fixed width, a line here is a paragraph.
    """
    lines = _split_lines(text[:_TOP_CHARACTERS])
    if _is_wrapped(lines):
        lines = _join_paragraphs(text, lines)
    return Layout(lines, _find_body(lines))


def is_boilerplate(line: str) -> bool:
    """Whether ``line`` belongs to the page (a menu, a share bar, a credit), not to the story."""
    if len(line) >= _LONGEST_BOILERPLATE:
        return False
    return bool(name_label(line) or _BOILERPLATE.match(line.lstrip("-–—•*|>» ")))


def ends_sentence(line: str) -> bool:
    """Whether ``line`` ends as a sentence does."""
    return _SENTENCE_END.search(line) is not None


def words_of(line: str) -> list[str]:
    """The words of ``line``, with their apostrophes and hyphens."""
    return _WORD.findall(line)


def _split_lines(text: str) -> tuple[Line, ...]:
    """The first non-empty lines of ``text``, without the white space around them."""
    spans: list[tuple[int, int, str]] = []
    gaps = [True]
    previous_end = 0
    for match in re.finditer(r"[^\r\n]+", text):
        content = match[0].strip()
        if not content:
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        if spans:
            gaps.append(_is_gap(text[previous_end:start]))
        spans.append((start, start + len(content), content))
        previous_end = start + len(content)
        if len(spans) > _TOP_LINES:
            break
    gaps.append(True)
    return tuple(
        Line(start, end, content, gaps[i] and gaps[i + 1])
        for i, (start, end, content) in enumerate(spans)
    )


def _is_gap(between: str) -> bool:
    """Whether an empty line is in ``between``, the white space from one line to the next."""
    return len(re.findall(r"\r\n|\r|\n", between)) > 1


def _is_wrapped(lines: tuple[Line, ...]) -> bool:
    """Whether the text was wrapped at a fixed width, so that sentences run over its lines."""
    long = [line.content for line in lines if len(line.content) >= 45]
    if len(long) < 4 or max(map(len, long)) > 100:
        return False
    return sum(not ends_sentence(line) for line in long) >= 0.6 * len(long)


def _join_paragraphs(text: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The paragraphs of a wrapped text as lines; a short line still ends its paragraph."""
    joined: list[list[Line]] = []
    for line in lines:
        previous = joined[-1][-1] if joined else None
        runs_on = (
            previous is not None
            and not _is_gap(text[previous.end : line.start])
            and len(previous.content) >= 45
        )
        if runs_on:
            joined[-1].append(line)
        else:
            joined.append([line])
    result: list[Line] = []
    for group in joined:
        before = result[-1].end if result else 0
        alone = not result or _is_gap(text[before : group[0].start])
        content = " ".join(line.content for line in group)
        # The content of a joined line is for judging only; its offsets hold for the whole.
        result.append(Line(group[0].start, group[-1].end, content, alone))
    return tuple(result)


def _find_body(lines: tuple[Line, ...]) -> int:
    """The index of the first paragraph of the story, or ``len(lines)`` without one.

    A tagline or a picture's caption can look like a paragraph; the story goes on after one.
    """
    for i, line in enumerate(lines):
        if not _is_prose(line.content):
            continue
        following = lines[i + 1 : i + 3]
        if len(line.content) >= 240 or not following or _is_prose(following[0].content):
            return i
        if len(following) > 1 and _is_prose(following[1].content) and not following[0].alone:
            return i
    return next((i for i, line in enumerate(lines) if _is_prose(line.content)), len(lines))


def _is_prose(line: str) -> bool:
    """Whether ``line`` is a paragraph or the beginning of one."""
    if is_boilerplate(line):
        return False
    if len(line) >= 160:
        return ends_sentence(line) or _SENTENCE_INSIDE.search(line) is not None
    # Chinese and Japanese say in 20 characters what takes 40 letters elsewhere, without spaces.
    enough = len(words_of(line)) >= 7 and len(line) >= 40 or " " not in line and len(line) >= 20
    return enough and ends_sentence(line) and not line.endswith("?")
