"""Numbers and ordinals as English spells them."""

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()

NUMBER = {word: number for number, word in enumerate(_SMALL)} | {
    word: 10 * number for number, word in enumerate(_TENS, start=2)
}
MULTIPLES: dict[str, float] = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12,
}  # fmt: skip
ORDINAL = {word: number for number, word in enumerate(_ORDINALS, start=1)} | {"thirtieth": 30}
ORDINAL |= {f"twenty-{word}": 20 + ORDINAL[word] for word in _ORDINALS[:9]}
ORDINAL |= {"thirty-first": 31}


def read_number(text: str) -> int | None:
    """What "a", "two", "twenty-five" or "12" counts; ``None`` for every other text."""
    word = text.lower().strip()
    if word in ("a", "an"):
        return 1
    if word.isdecimal():
        return int(word)
    if word in NUMBER:
        return NUMBER[word]
    tens, _, units = word.replace(" ", "-").partition("-")
    if tens in _TENS and NUMBER.get(units, 0) in range(1, 10):
        return NUMBER[tens] + NUMBER[units]
    return None


def read_ordinal(text: str) -> int | None:
    """What "3rd", "26" or "twenty-first" orders; ``None`` for every other text."""
    word = text.lower()
    if word in ORDINAL:
        return ORDINAL[word]
    digits = word.rstrip("stndrh")
    return int(digits) if digits.isdecimal() else None
