"""The interface's own words, in the language of whoever looks at the page.

``en.json``, ``ru.json``, … hold a text under each key, so that a new language is one new file, here
or in the folder ``$DATELINE_TEXTS``: ``docs/extending.md``. A text is a sentence without markup
(none of ``<>&"``: it is put into HTML as it is) in which ``{name}`` stands for a value. A text that
counts is an object with a form for each plural category of CLDR and the value ``count``; numbers
are written as the language does. Names of months and languages (``month.8``, ``month.of.8``,
``language.ru``) are those of CLDR.

In Python, ``say("library.added", count=3)`` gives the text in the language of the request that is
being answered: inside an event of the page, a server function of a script or a test with
``speaking("ru")`` around it. Text from articles has to be escaped before it is given as a value of
HTML. While ``build_page`` runs, ``say`` gives a mark in place of the text, which is exchanged when
the page is delivered (``qa.chat.delivery``), so labels and first contents are written the same way.
``choose_say(language)`` gives the same function for one language.

In a script, ``say("library.added", {count: 3})`` of ``scripts/base.js`` does the same; a component
with a script of its own finds it as ``window.dateline.say``.

What the core says in English (errors, notes) is passed through ``say_known``, which knows the
sentences without values.
"""

import json
import os
import re
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from index.errors import SettingsError

if TYPE_CHECKING:
    from babel import Locale

HERE = Path(__file__).parent
ENGLISH = "en"
COOKIE = "dateline-language"
BUILDING = "building"
"""In place of a language: texts are marked and exchanged later."""

Text = str | dict[str, str]

_SEAL = secrets.token_hex(8)
"""Made anew by each process, so that no text from outside can be taken for a mark."""
OPEN, CLOSE, NEXT = f"\ue000{_SEAL}:", "\ue001", "\ue002"
_MARK = re.compile(rf"(?:\ue000|\\ue000){_SEAL}:(.*?)(?:\ue001|\\ue001)")
_NEXT = re.compile(r"\ue002|\\ue002")
_HOLE = re.compile(r"\{(\w+)\}")
_WANTED = re.compile(r"([A-Za-z]{2,3})(?:-[\w-]+)?(?: ?; ?q ?= ?([\d.]{1,5}))?")
_UNFIT = re.compile('[<>&"\ud800-\udfff]')
_LONGEST_WISH = 100

_language: ContextVar[str] = ContextVar("language", default="")


@dataclass(frozen=True, slots=True)
class Say:
    """The texts of one language: ``say(key, **values)``."""

    language: str

    def __call__(self, key: str, /, **values: object) -> str:
        """The text under ``key`` with its values; the key itself when no language has it."""
        if self.language == BUILDING:
            return mark_text(key, values)
        text = self.find(key)
        if isinstance(text, dict):
            count = values.get("count", 0)
            form = plural_form(self.language, count if isinstance(count, int) else 0)
            text = text.get(form) or text.get("many") or text["other"]
        return _HOLE.sub(lambda hole: self._write(hole, values), text)

    def find(self, key: str) -> Text:
        """What stands under ``key``, as it stands there."""
        texts = read_texts(self.language)
        own = texts.get(key) or read_texts(ENGLISH).get(key)
        return own or find_name(self.language, key) or key

    def group(self, prefix: str) -> dict[str, Text]:
        """The texts whose keys begin with ``prefix.``, under the rest of their keys."""
        start = f"{prefix}."
        keys = [key for key in read_texts(ENGLISH) if key.startswith(start)]
        return {key.removeprefix(start): self.find(key) for key in keys}

    def number(self, value: int) -> str:
        """``1,204`` in English, ``1 204`` where thousands are set apart by a space."""
        return f"{value:,}".replace(",", str(self.find("number.thousands")))

    def _write(self, hole: re.Match[str], values: Mapping[str, object]) -> str:
        value = values.get(hole.group(1), hole.group())
        counted = isinstance(value, int) and not isinstance(value, bool)
        return self.number(value) if counted else str(value)  # type: ignore[arg-type]


def say(key: str, /, **values: object) -> str:
    """The text in the language of the request that is being answered, else in English."""
    return Say(current_language())(key, **values)


def say_known(sentence: str) -> str:
    """A sentence of the core in the current language when it is a known one, else as it is."""
    key = known_sentences().get(sentence)
    return say(key) if key else sentence


def choose_say(language: str) -> Say:
    """The texts of a language by its tag; English when there is no such file."""
    code = language.split("-")[0].lower()
    return Say(code if code in languages() else ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it, texts are in this language; with ``BUILDING`` they are marked."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def current_language() -> str:
    """The language set by ``speaking``, else that of the request that Gradio is answering."""
    if chosen := _language.get():
        return chosen
    context = sys.modules.get("gradio.context")
    request = context.LocalContext.request.get() if context else None
    if request is None:
        return ENGLISH
    try:
        return choose_language(request.headers, request.cookies)
    except (AttributeError, RuntimeError):  # a request without either, such as a client's
        return ENGLISH


def read_cookie(header: str, name: str) -> str:
    """The value of a cookie in a ``Cookie`` header, empty when there is none.

    Ours have no signs that would be quoted, so nothing is unquoted, which takes quadratic time.
    """
    pairs = (item.strip().partition("=") for item in header.split(";"))
    return next((value for key, _, value in pairs if key == name), "")


def choose_language(headers: Mapping[str, Any], cookies: Mapping[str, str]) -> str:
    """The language that a browser was switched to, else the first it asks for that there is."""
    chosen = cookies.get(COOKIE, "")
    if chosen in languages():
        return chosen
    wanted = []
    for place, part in enumerate(str(headers.get("accept-language") or "").split(",")[:20]):
        if len(part) > _LONGEST_WISH:
            continue
        if found := _WANTED.fullmatch(part.strip()):
            weight = float(found.group(2)) if re.fullmatch(r"\d\.?\d*", found.group(2) or "") else 1
            wanted.append((-weight, place, found.group(1).lower()))
    return next((code for _, _, code in sorted(wanted) if code in languages()), ENGLISH)


@cache
def languages() -> dict[str, str]:
    """Every language that has a file: its code and its own name."""
    return {code: str(read_texts(code)["language.name"]) for code in find_files()}


@cache
def find_files() -> dict[str, Path]:
    """The file of every language by its code, those of ``$DATELINE_TEXTS`` before Dateline's own.

    Raises:
        SettingsError: there is no such folder, or a file in it has another name.
    """
    named = os.environ.get("DATELINE_TEXTS")
    folders = (HERE, Path(named)) if named else (HERE,)
    if not folders[-1].is_dir():
        raise SettingsError(f"DATELINE_TEXTS is {named!r}, but there is no such folder; make it.")
    files = {path.stem: path for folder in folders for path in sorted(folder.glob("*.json"))}
    for code, path in files.items():
        if not re.fullmatch("[a-z]{2,3}", code):
            raise SettingsError(f"{path} must be named by the code of a language, as de.json is.")
    return {**files, ENGLISH: HERE / "en.json"}


@cache
def read_texts(language: str) -> dict[str, Text]:
    """The texts of one language by key; none when there is no such file.

    Raises:
        SettingsError: they are not those that the page needs.
    """
    path = find_files().get(language)
    if path is None:
        return {}
    try:
        texts: dict[str, Text] = json.loads(path.read_text("utf-8"))
        problem = "" if language == ENGLISH else find_problem(language, texts)
    except (OSError, ValueError, RecursionError) as error:
        problem = f"cannot be read ({error})"
    if problem:
        raise SettingsError(f"The texts {path} {problem}; see {HERE / 'en.json'}.")
    return texts


def find_problem(language: str, texts: object) -> str:
    """What is wrong with the texts of a language beside the English ones; empty for nothing."""
    english, rule = read_texts(ENGLISH), read_locale(language).plural_form
    if not isinstance(texts, dict):
        return "are no JSON object"
    if lacking := sorted(english.keys() - texts.keys()):
        return f"lack {lacking[0]!r}" + f" and {len(lacking) - 1} more" * (len(lacking) > 1)
    if unknown := sorted(texts.keys() - english.keys()):
        return f"have {unknown[0]!r}, which the page does not know"
    needed = {rule(count) for count in range(200)}
    for key, known in english.items():
        text, counts = texts[key], isinstance(known, dict)
        forms = text if counts and isinstance(text, dict) else {"other": text}
        if not all(isinstance(form, str) for form in forms.values()):
            return f"have something else than text under {key!r}"
        if counts and not needed <= forms.keys() <= rule.tags | {"other"}:
            return f"must have a form each for {', '.join(sorted(needed))} under {key!r}"
        wanted = set(_HOLE.findall(str(known)))
        for form in forms.values():
            if not wanted - {"count"} <= set(_HOLE.findall(form)) <= wanted:
                holes = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "nothing"
                return f"must have {holes} in braces under {key!r}"
            if _UNFIT.search(form):
                return f'have one of <>&" or half a character under {key!r}'
    return ""


@cache
def known_sentences() -> dict[str, str]:
    """The keys of the core's own sentences, by the English sentence."""
    texts = read_texts(ENGLISH).items()
    return {str(text): key for key, text in texts if key.startswith("core.")}


def plural_form(language: str, count: int) -> str:
    """The plural category of a whole number by CLDR."""
    return str(read_locale(language).plural_form(count))


@lru_cache(maxsize=1000)
def find_name(language: str, key: str) -> str:
    """CLDR's name of a language (``language.ru``) or a month (``month.8``, ``month.of.8``)."""
    kind, _, item = key.partition(".")
    if kind == "language":
        return str(read_locale(language).languages.get(item, item))
    if kind == "month":
        form = "format" if item.startswith("of.") else "stand-alone"
        return str(read_locale(language).months[form]["wide"][int(item.removeprefix("of."))])
    return ""


@cache
def read_locale(language: str) -> "Locale":
    """What CLDR has on a language; on English when it does not know it."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale(language)
    except UnknownLocaleError:
        return Locale(ENGLISH)


def mark_text(key: str, values: Mapping[str, object]) -> str:
    """What stands for a text until the page's language is known."""
    named = [
        f"{name}={'#' if isinstance(value, int) else '$'}{quote(str(value))}"
        for name, value in values.items()
    ]
    return OPEN + NEXT.join([key, *named]) + CLOSE


def fill_marks(body: str, say_it: Say) -> str:
    """``body``, which is JSON or HTML with JSON in it, with every mark exchanged for its text."""

    def exchange(mark: re.Match[str]) -> str:
        text = read_mark(mark, say_it)
        return json.dumps(text, ensure_ascii=False)[1:-1].replace("<", "\\u003c")

    return _MARK.sub(exchange, body)


def read_mark(mark: re.Match[str], say_it: Say) -> str:
    """The text that a mark stands for; a value may hold marks too."""
    key, *named = _NEXT.split(mark.group(1))
    values: dict[str, object] = {}
    for item in named:
        name, _, value = item.partition("=")
        plain = _MARK.sub(lambda inner: read_mark(inner, say_it), unquote(value[1:]))
        values[name] = int(plain) if value.startswith("#") else plain
    return say_it(key, **values)
