"""The words of time that are no names of a calendar: seasons, decades, feasts."""

SEASON_NUMBER = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}

DECADE_WORDS = {
    "twenties": 2, "thirties": 3, "forties": 4, "fifties": 5, "sixties": 6, "seventies": 7,
    "eighties": 8, "nineties": 9,
}  # fmt: skip

# Feasts on a fixed day that English news names without their date: (month, day).
FEASTS = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25),
    "boxing day": (12, 26), "new year's eve": (12, 31), "new year's day": (1, 1),
    "fourth of july": (7, 4), "valentine's day": (2, 14), "st. patrick's day": (3, 17),
    "st patrick's day": (3, 17), "international women's day": (3, 8), "juneteenth": (6, 19),
    "bastille day": (7, 14), "halloween": (10, 31), "armistice day": (11, 11),
    "remembrance day": (11, 11), "veterans day": (11, 11),
}  # fmt: skip
# Holidays on a weekday of a month: (month, weekday with Monday 0, which one; -1 is the last).
MOVING_FEASTS = {
    "memorial day": (5, 0, -1), "labor day": (9, 0, 1), "thanksgiving day": (11, 3, 4),
    "thanksgiving": (11, 3, 4),
}  # fmt: skip
