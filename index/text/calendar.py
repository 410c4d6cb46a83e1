"""The names of months and weekdays, of English and of other languages as they are inflected."""

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


def read_month(text: str) -> int:
    """The number of an English month name, short or full, with or without a full stop."""
    return MONTH_NUMBER[text.lower().rstrip(".")]
