"""Text that is safe and legible to show: escaped for HTML, controls made harmless, cut at words.

Everything from an article or a question is data. It reaches a page through ``escape_text`` alone,
which escapes markup, drops terminal escape sequences and the invisible characters that reorder
text, and draws other control characters as their Unicode pictures. Offsets are never computed on
shown text: cut the article's own text first, then show each piece.
"""

import html
import re

# ECMA-48: control sequences (CSI), operating system commands (OSC) and two-character escapes.
TERMINAL_SEQUENCE = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"
    "|(?:\x1b[\\]PX^_]|[\x90\x9d\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?"
    "|\x1b[ -/]*[0-~]"
)


# Unicode TR 9 embeddings, overrides and isolates; TR 36 names them as a means of spoofing.
BIDI_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")


# What marks the interface's own words until a page's language is known; never text of an article.
TEMPLATE_MARK = re.compile("[\ue000-\ue002]")


OTHER_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


def clean_text(text: str) -> str:
    """``text`` without terminal sequences, reordering controls and marks, other controls drawn."""
    text = TERMINAL_SEQUENCE.sub("", text)
    text = TEMPLATE_MARK.sub("", text)
    text = BIDI_CONTROL.sub("", text)
    return OTHER_CONTROL.sub(draw_control, text)


def draw_control(match: re.Match[str]) -> str:
    """The Unicode picture of one control character, a line break for a line separator."""
    code = ord(match.group())
    if code in (0x0B, 0x0C, 0x85, 0x2028, 0x2029):
        return "\n"
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return "" if code == 0xFEFF else "\ufffd"


def escape_text(text: str) -> str:
    """``text`` as HTML that shows it and does nothing else, in content and in attributes."""
    return html.escape(clean_text(text), quote=True)


def shorten_text(text: str, limit: int) -> str:
    """``text`` on one line, cut at a word before ``limit`` characters with an ellipsis."""
    line = " ".join(clean_text(text).split())
    if len(line) <= limit:
        return line
    cut = line.rfind(" ", 0, limit)
    return line[: cut if cut > limit // 2 else limit - 1].rstrip(" ,;:-") + "…"
