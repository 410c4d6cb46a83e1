"""Numbers as answers give them: "about 7,600", "seven thousand six hundred", "US$5m", "a quarter".

A quantity knows its unit and whether it is exact, rounded, or a bound, so that "more than 7,500"
and "7,600" can be told to agree and "7,500" and "7,600" not to.
"""

import math
import re
from dataclasses import dataclass
from typing import Literal

from index.text.numbers import MULTIPLES, NUMBER

Hedge = Literal["exact", "about", "least", "most"]

_SCALES = MULTIPLES | {"k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9, "tn": 1e12}
_FRACTIONS = {
    "half": 0.5, "third": 1 / 3, "thirds": 1 / 3, "quarter": 0.25, "quarters": 0.25,
    "fifth": 0.2, "fifths": 0.2, "tenth": 0.1, "tenths": 0.1,
}  # fmt: skip
# Dimension and size in it; a length is in kilometres, a time in days, a mass in kilograms.
_UNITS: dict[str, tuple[str, float]] = {
    "%": ("percent", 1), "percent": ("percent", 1), "per cent": ("percent", 1),
    "pc": ("percent", 1), "percentage points": ("points", 1),
    "km": ("length", 1), "kilometre": ("length", 1), "kilometer": ("length", 1),
    "mile": ("length", 1.609344), "metre": ("length", 1e-3), "meter": ("length", 1e-3),
    "feet": ("length", 3.048e-4), "foot": ("length", 3.048e-4), "ft": ("length", 3.048e-4),
    "second": ("time", 1 / 86400), "minute": ("time", 1 / 1440), "hour": ("time", 1 / 24),
    "day": ("time", 1), "week": ("time", 7), "fortnight": ("time", 14),
    "month": ("time", 365.25 / 12), "year": ("time", 365.25), "decade": ("time", 3652.5),
    "kg": ("mass", 1), "kilogram": ("mass", 1), "kilo": ("mass", 1), "tonne": ("mass", 1e3),
    "ton": ("mass", 1e3), "gram": ("mass", 1e-3), "pound sterling": ("gbp", 1),
    "hectare": ("area", 1), "acre": ("area", 0.404686), "degree": ("degrees", 1),
    "dollar": ("usd", 1), "usd": ("usd", 1), "$": ("usd", 1), "us$": ("usd", 1),
    "euro": ("eur", 1), "eur": ("eur", 1), "€": ("eur", 1), "£": ("gbp", 1), "pound": ("gbp", 1),
    "rouble": ("rub", 1), "ruble": ("rub", 1), "₽": ("rub", 1), "yen": ("jpy", 1),
    "¥": ("jpy", 1), "yuan": ("cny", 1),
}  # fmt: skip
_HEDGES: tuple[tuple[str, Hedge], ...] = (
    (r"(?:more|greater|higher|larger|longer|older)\sthan|over|at\sleast|above|upwards\sof|"
     r"no\s(?:less|fewer)\sthan|exceeding", "least"),
    (r"(?:less|fewer|lower|shorter|younger)\sthan|under|below|nearly|almost|up\sto|"
     r"as\s(?:many|much)\sas|at\smost|no\smore\sthan|close\sto|just\sshort\sof", "most"),
    (r"about|around|approximately|approx\.?|roughly|some|circa|an?\sestimated|estimated|~|"
     r"or\sso|in\sthe\sregion\sof|more\sor\sless", "about"),
)  # fmt: skip
_DIGITS = r"\d{1,3}(?:[,\u00a0\u202f ]\d{3}){1,5}(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?"
_WORDS = "|".join(sorted([*NUMBER, *MULTIPLES], key=len, reverse=True))
_MULTIPLES = "|".join(MULTIPLES)
_WORD_NUMBER = (
    rf"(?:an?\s(?=(?:{_MULTIPLES})\b))?"
    rf"(?:(?:{_WORDS})\b(?:[\s-]+(?:and\s)?)?)+"
)
_SIGN = r"(?:US\$|[$€£¥₽])"
_BELOW = r"(?:(?<!\w)[-\u2212](?=[$€£¥₽\d])|\bminus\s)"
_NONE = re.compile(
    r"^\W*(?:none|nobody|nothing|nil|no[\s-](?:one|people|deaths?|casualties|injuries|victims))\b",
    re.IGNORECASE,
)
_UNIT_NAMES = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?P<below>{_BELOW})?(?P<sign>{_SIGN})?\s?(?:(?P<digits>{_DIGITS})|\b(?P<words>{_WORD_NUMBER}))"
    rf"(?:[\s-]?(?P<scale>{_MULTIPLES}|mln|mn|bn|tn|k|m)\b)?"
    rf"(?:[\s-]?(?P<unit>{_UNIT_NAMES})(?:e?s)?(?![a-z]))?",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"(?:(?P<top>an?|one|two|three|four)[\s-])?(?P<name>half|thirds?|quarters?|fifths?|tenths?)\b"
    rf"(?:\s(?:of\s)?(?:an?\s|the\s)?(?P<unit>{_UNIT_NAMES}|{_MULTIPLES})\b)?"
    r"|(?P<one>one|two|three|\d{1,9})\s(?:in|out\sof)\s(?P<of>\w+)",
    re.IGNORECASE,
)
_AND_A_HALF = re.compile(
    rf"\b({'|'.join(NUMBER)}|\d{{1,9}}|an?)\s(?:and\s(?:a\s)?half|\u00bd)\s?", re.IGNORECASE
)
_TIMES = re.compile(r"\b(?:once|twice)\b", re.IGNORECASE)
_RANGE = re.compile(rf"^\s*(?:-|\u2013|to|and|or)\s*(?={_SIGN}|\d|(?:{_WORDS})\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number from ``low`` to ``high`` in the unit of its dimension, and how exact it is.

    ``step`` is the size of its last significant digit. The dimension is empty for a count.
    """

    low: float
    high: float
    hedge: Hedge
    dimension: str
    step: float

    @property
    def value(self) -> float:
        """The number itself, of a range its middle."""
        return (self.low + self.high) / 2

    @property
    def reach(self) -> tuple[float, float]:
        """What the number can mean: a bound is open on one side, a rounded one has some slack."""
        slack = {"exact": 1e-6, "about": 0.05}.get(self.hedge, 0.0)
        low, high = self.low - slack * abs(self.low), self.high + slack * abs(self.high)
        if self.hedge == "least":
            return self.low, math.inf
        return (-math.inf, self.high) if self.hedge == "most" else (low, high)


def read_quantity(text: str, *, length: bool = False) -> Quantity | None:
    """The first number of an answer with its unit; ``None`` when there is none.

    "300m" is three hundred million unless a ``length`` is asked for.
    """
    if _NONE.match(text) and not re.search(r"\d", text):
        return Quantity(0.0, 0.0, "exact", "", 1.0)
    text = _AND_A_HALF.sub(_write_half, text)
    text = _TIMES.sub(lambda match: {"o": "1", "t": "2"}[match[0][0].lower()] + " times", text)
    if length:
        text = re.sub(r"(?<=\d)\s?m\b", " metres", text)
    fraction = _FRACTION.search(text)
    match = _NUMBER.search(text)
    if fraction and (not match or fraction.start() <= match.start()):
        return _read_fraction(fraction)
    if not match:
        return None
    low, step = _read_value(match)
    if low is None:
        return None
    low = -low if match["below"] else low
    high, unit = low, (match["sign"] or match["unit"] or "")
    follows = _RANGE.match(text[match.end() :])
    second = _NUMBER.match(text, match.end() + follows.end()) if follows else None
    if second:
        other, _ = _read_value(second)
        unit = second["sign"] or second["unit"] or unit
        if other is not None:
            scale = _SCALES.get((second["scale"] or "").lower(), 1.0)
            low = low * scale if not match["scale"] and low * scale <= other else low
            high = max(low, other)
    dimension, size = _UNITS.get(unit.lower(), ("", 1.0))
    return Quantity(low * size, high * size, _read_hedge(text, match), dimension, step * size)


def find_quantities(text: str) -> list[tuple[int, int, Quantity]]:
    """The numbers of a text one by one, each with where it begins and ends, its unit included.

    Hedges, ranges and fractions are not looked at.
    """
    found = []
    for match in _NUMBER.finditer(text):
        value, step = _read_value(match)
        if value is None:
            continue
        value = -value if match["below"] else value
        dimension, size = _UNITS.get((match["sign"] or match["unit"] or "").lower(), ("", 1.0))
        lead = len(match.group()) - len(match.group().lstrip())
        end = match.start() + len(match.group().rstrip(" -"))
        quantity = Quantity(value * size, value * size, "exact", dimension, step * size)
        found.append((match.start() + lead, end, quantity))
    return found


def _write_half(match: re.Match[str]) -> str:
    """As in "one and a half": 1.5."""
    count = NUMBER.get(match[1].lower()) or (int(match[1]) if match[1].isdecimal() else 1)
    return f"{count + 0.5} "


def _read_hedge(text: str, match: re.Match[str]) -> Hedge:
    around = text[max(0, match.start() - 24) : match.start()] + " | " + text[match.end() :][:12]
    for pattern, hedge in _HEDGES:
        if re.search(
            rf"(?:^|[\s(])(?:{pattern})\s*(?:a\s)?(?:\||$)|\|\s*or\sso\b", around, re.IGNORECASE
        ):
            return "about" if re.search(r"\|\s*or\sso\b", around) else hedge
    return "exact"


def _read_value(match: re.Match[str]) -> tuple[float | None, float]:
    """The number of a match and the size of its last significant digit."""
    scale = _SCALES.get((match["scale"] or "").lower(), 1.0)
    if match["digits"]:
        digits = re.sub(r"[,\u00a0\u202f ]", "", match["digits"])
        whole, _, decimals = digits.partition(".")
        zeros = len(whole) - len(whole.rstrip("0")) if not decimals else -len(decimals)
        return float(digits) * scale, 10.0 ** (zeros if whole.strip("0") else 0) * scale
    value = _read_words(match["words"])
    if value is None:
        return None, 1.0
    value *= scale
    step = 1.0
    while value and value % (step * 10) == 0:
        step *= 10
    return value, step


def _read_words(text: str) -> float | None:
    """What "seven thousand six hundred", "twelve hundred" or "a dozen" counts."""
    total = current = 0.0
    seen = False
    for word in re.split(r"[\s-]+", text.lower().strip()):
        if word in ("and", ""):
            continue
        if word in ("a", "an"):
            current, seen = 1.0, True
        elif word in NUMBER:
            current, seen = current + NUMBER[word], True
        elif word in ("hundred", "dozen"):
            current, seen = (current or 1.0) * _SCALES[word], True
        elif word in _SCALES:
            total, current, seen = total + (current or 1.0) * _SCALES[word], 0.0, True
        else:
            return None
    value = total + current
    # Past this nobody counts, and arithmetic fails.
    return value if seen and value < 1e18 else None


def _read_fraction(match: re.Match[str]) -> Quantity | None:
    """A part: of a unit or a number ("half a year"), else as percent ("a quarter")."""
    if match["one"]:
        top = NUMBER.get(match["one"].lower()) or float(match["one"].isdecimal() and match["one"])
        below = NUMBER.get(match["of"].lower()) or (
            int(match["of"]) if match["of"].isdecimal() and len(match["of"]) < 10 else 0
        )
        share = 100 * top / below if below else None
        return Quantity(share, share, "about", "percent", 1.0) if share else None
    top = {"two": 2, "three": 3, "four": 4}.get((match["top"] or "").lower(), 1)
    part = top * _FRACTIONS[match["name"].lower()]
    unit = (match["unit"] or "").lower()
    if unit in _SCALES:
        value = part * _SCALES[unit]
        return Quantity(value, value, "exact", "", 1.0)
    if unit in _UNITS:
        dimension, size = _UNITS[unit]
        return Quantity(part * size, part * size, "exact", dimension, part * size)
    return Quantity(100 * part, 100 * part, "exact", "percent", 1.0)


def same_quantity(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers say the same, as exactly as each claims to."""
    if one.dimension and other.dimension and one.dimension != other.dimension:
        return False
    if one.dimension != other.dimension and "percent" in (one.dimension, other.dimension):
        return False
    if bool(one.dimension) != bool(other.dimension):
        one, other = _drop_unit(one, other), _drop_unit(other, one)
    if one.low != one.high or other.low != other.high:
        return _same_range(one, other)
    exact, hedged = (one, other) if one.hedge == "exact" else (other, one)
    value, about = exact.value, hedged.value
    if math.isclose(value, about, rel_tol=1e-9):
        return not {one.hedge, other.hedge} >= {"least", "most"}
    if hedged.hedge == "exact" or exact.hedge not in ("exact", "about") or not about:
        return False
    low, high = hedged.reach
    bound = hedged.hedge in ("least", "most")
    if bound and low <= value <= high and abs(value - about) <= 0.02 * abs(about):
        return True
    rounded = _round_like(value, hedged)
    slack = 0.05 if hedged.hedge == "about" else 0.1
    return math.isclose(rounded, about) and abs(value - about) <= slack * abs(about)


def _drop_unit(one: Quantity, other: Quantity) -> Quantity:
    """The bare number of a quantity with a unit, to compare with one that gives none."""
    if not one.dimension or other.dimension:
        return one
    sizes = [size for dimension, size in _UNITS.values() if dimension == one.dimension]
    # Which unit was meant is not known: any in which the numbers are equal will do.
    for size in sizes:
        if math.isclose(one.value / size, other.value, rel_tol=1e-9):
            return Quantity(one.low / size, one.high / size, one.hedge, "", one.step / size)
    return one


def _round_like(value: float, hedged: Quantity) -> float:
    """The value at the precision of the other: down to a lower bound, up to an upper one."""
    ratio = value / hedged.step
    if hedged.hedge == "least":
        return math.floor(ratio) * hedged.step
    return (math.ceil(ratio) if hedged.hedge == "most" else math.floor(ratio + 0.5)) * hedged.step


def _same_range(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers, one of them a range, say the same: one lies within the other."""
    return (one.low <= other.low and other.high <= one.high) or (
        other.low <= one.low and one.high <= other.high
    )


def exclude_each_other(one: Quantity, other: Quantity) -> bool:
    """Whether not both numbers can be true of one thing."""
    if one.dimension != other.dimension and (one.dimension and other.dimension):
        return False
    (low, high), (other_low, other_high) = one.reach, other.reach
    return high < other_low or other_high < low
