"""CLDR, by Babel → ``index/text/names.json``: names of months, weekdays and languages.

    python -m training.names

Written once and shipped, because Babel takes a tenth of a second to read fifty locales, for which
every question would wait. CLDR gives names as they stand in a date and alone; what else news writes
is made from them or stands in ``MORE``.
"""

import json
import re
import unicodedata
from pathlib import Path

from babel import Locale

PATH = Path(__file__).resolve().parent.parent / "index" / "text" / "names.json"
READ_ALONE = "en de fr es it pt nl ru uk pl ar".split()
"""Languages whose months are read without a year beside them."""
READ_WITH_YEAR = "cs sk bg sr hr sl ro hu fi sv da nb et lv lt el tr ca ka".split()
SHORT = "en de fr es it pt ru ar".split()
"""Those whose short forms are too; others' are words elsewhere (Polish "lip", "sie")."""
ELSEWHERE = {"de": ["de_AT"], "es": ["es_PE"], "ar": ["ar_SY", "ar_TN"]}
NAMED = (
    "en fr de es it pt ru uk pl nl tr ar fa zh ja ko ka hy az kk ky uz tg ro hu cs sv nb da fi el "
    "he hi ur id vi th sr hr bg be lv lt et sq mk".split()
)
"""Languages whose names make up the menus of news pages."""
MORE = {
    "en": {2: "Febr", 9: "Sept"},
    "de": {2: "Febr", 3: "Mrz"},
    "fr": {2: "fév"},
    "ru": {2: "фев", 9: "сен", 11: "ноя"},
    "ar": {4: "إبريل", 6: "يونيه", 7: "يوليه"},
}


def make_names() -> dict[str, object]:
    """What the file holds: month names by language, weekdays by language, names of languages."""
    return {
        "months": {code: list_months(code) for code in READ_ALONE + READ_WITH_YEAR},
        "alone": READ_ALONE,
        "short": SHORT,
        "weekdays": {code: list_weekdays(code) for code in READ_ALONE if code != "ar"},
        "languages": list_languages(),
    }


def list_months(code: str) -> list[str]:
    """The names of each month with ``|`` between them, short ones behind a ``;``."""
    full, more = (find_months(code, width) for width in ("wide", "abbreviated"))
    for number, written in MORE.get(code, {}).items():
        more[number - 1] |= dict.fromkeys(written.split())
    lines = []
    for names, others in zip(full, more, strict=True):
        brief = [name for name in others if name not in names]
        lines.append(";".join("|".join(each) for each in (names, brief) if each))
    return lines


def find_months(code: str, width: str) -> list[dict[str, None]]:
    """The names of each month, the likeliest first."""
    names: list[dict[str, None]] = [{} for _ in range(12)]
    for place in (code, *ELSEWHERE.get(code, ())):
        for form in ("format", "stand-alone"):
            for number, name in Locale.parse(place).months[form][width].items():
                plain = re.sub(r"^(?:de |d’)", "", name).rstrip(".")
                plain = plain.lower() if code == "es" else plain
                names[number - 1] |= dict.fromkeys(vary(code, plain, width))
    return names


def vary(code: str, name: str, width: str) -> list[str]:
    """A name and what else it is written as: without accents, in the prepositional."""
    if code == "ru" and width == "wide" and name[-1] in "ая":
        return [name, f"{name[:-1]}е"]
    if code == "de" and width == "wide":
        return [name, name.replace("ä", "ae")]
    if code == "ar" and len(name) > 2:
        return [name, re.sub("[أإآ]", "ا", name)]
    if code == "fr":
        bare = unicodedata.normalize("NFKD", name)
        return [name, "".join(sign for sign in bare if not unicodedata.combining(sign))]
    return [name]


def list_weekdays(code: str) -> list[str]:
    """Monday to Sunday."""
    names = Locale.parse(code).days["stand-alone"]["wide"]
    return [names[number] for number in range(7)]


def list_languages() -> list[str]:
    """The words of which languages' names are made, their own and the English ones."""
    english = Locale("en").languages
    words = dict.fromkeys("bahasa brasil srpski o'zbek қазақша azərbaycanca".split())
    for code in NAMED:
        own = Locale.parse(code).languages[code]
        words |= dict.fromkeys(f"{own} {english[code]}".casefold().split())
    return list(words)


if __name__ == "__main__":
    text = json.dumps(make_names(), ensure_ascii=False, indent=1)
    PATH.write_text(text + "\n", "utf-8")
