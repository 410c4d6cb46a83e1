"""The words of dates: months, weekdays, numbers, seasons, in the shapes that news gives them."""

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_SHORT_MONTHS = {
    "jan": 1, "feb": 2, "febr": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8,
    "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
MONTH_NUMBER = {name: number for number, name in enumerate(MONTHS, start=1)} | _SHORT_MONTHS

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

SEASON_NUMBER = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}

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
ORDINAL = {word: number for number, word in enumerate(_ORDINALS, start=1)} | {"thirtieth": 30}
ORDINAL |= {f"twenty-{word}": 20 + ORDINAL[word] for word in _ORDINALS[:9]}
ORDINAL |= {"thirty-first": 31}

DECADE_WORDS = {
    "twenties": 2, "thirties": 3, "forties": 4, "fifties": 5, "sixties": 6, "seventies": 7,
    "eighties": 8, "nineties": 9,
}  # fmt: skip

# Feasts on a fixed day that English news names without their date: (month, day).
FEASTS = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "christmas": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "fourth of july": (7, 4),
    "valentine's day": (2, 14),
    "st. patrick's day": (3, 17),
    "st patrick's day": (3, 17),
    "international women's day": (3, 8),
    "juneteenth": (6, 19),
    "bastille day": (7, 14),
    "halloween": (10, 31),
    "armistice day": (11, 11),
    "remembrance day": (11, 11),
    "veterans day": (11, 11),
}
# Holidays on a weekday of a month: (month, weekday with Monday 0, which one; -1 is the last).
MOVING_FEASTS = {
    "memorial day": (5, 0, -1),
    "labor day": (9, 0, 1),
    "thanksgiving day": (11, 3, 4),
    "thanksgiving": (11, 3, 4),
}


_FOREIGN = (
    "января январь январе januar jänner janvier enero gennaio janeiro januari",
    "февраля февраль феврале februar februari février fevrier febrero febbraio fevereiro",
    "марта март марте märz maerz mars marzo março maart",
    "апреля апрель апреле avril abril aprile",
    "мая май мае mai mayo maggio maio mei",
    "июня июнь июне juni juin junio giugno junho",
    "июля июль июле juli juillet julio luglio julho",
    "августа август августе août aout agosto augustus",
    "сентября сентябрь сентябре septembre septiembre setiembre settembre setembro",
    "октября октябрь октябре oktober octobre octubre ottobre outubro",
    "ноября ноябрь ноябре novembre noviembre novembro",
    "декабря декабрь декабре dezember décembre decembre diciembre dicembre dezembro",
)
# Russian, German, French, Spanish, Italian, Portuguese and Dutch names, as they are inflected.
FOREIGN_MONTHS = {
    name: number for number, line in enumerate(_FOREIGN, start=1) for name in line.split()
}

_ARABIC = (
    "يناير|كانون الثاني|جانفي",
    "فبراير|شباط|فيفري",
    "مارس|آذار|اذار",
    "أبريل|ابريل|إبريل|نيسان|أفريل",
    "مايو|أيار|ايار|ماي",
    "يونيو|يونيه|حزيران|جوان",
    "يوليو|يوليه|تموز|جويلية",
    "أغسطس|اغسطس|آب|أوت",
    "سبتمبر|أيلول|ايلول",
    "أكتوبر|اكتوبر|تشرين الأول|تشرين الاول",
    "نوفمبر|تشرين الثاني",
    "ديسمبر|كانون الأول|كانون الاول",
)
# Of Egypt and the Gulf, of the Levant and Iraq, and of the Maghreb.
ARABIC_MONTHS = {
    name: number for number, line in enumerate(_ARABIC, start=1) for name in line.split("|")
}


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


def read_month(text: str) -> int:
    """The number of an English month name, short or full, with or without a full stop."""
    return MONTH_NUMBER[text.lower().rstrip(".")]
