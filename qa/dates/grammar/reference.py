"""The day from which an article speaks, and the days counted from it.

Each method gives EDTF, or ``None`` when the publication date is not known precisely enough: what
is "last month" is known from a month, "yesterday" only from a day.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from qa.dates.edtf import day_iso, interval_iso, month_day_iso

_PUBLISHED = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?![\d/])|--(\d\d)-(\d\d)$")


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known of the publication date; 0 is for a part that is not known."""

    year: int = 0
    month: int = 0
    day: int = 0

    @classmethod
    def read(cls, published: str | None) -> "Reference":
        """The parts of an ISO date or time, or of ``--02-27``; nothing known if it is neither."""
        match = _PUBLISHED.match((published or "").strip())
        if not match:
            return cls()
        year, month, day = (int(part or 0) for part in match.group(1, 2, 3))
        if not year:
            month, day = int(match[4]), int(match[5])
        if month and not month_day_iso(month, day or 1):
            return cls()
        if year and month and day and not day_iso(year, month, day):
            return cls()
        return cls(year, month, day)

    @property
    def date(self) -> date | None:
        """The day, where it is known with its year."""
        return date(self.year, self.month, self.day) if self.year and self.day else None

    def shift_days(self, days: int) -> str | None:
        """The day so many days later, without a year where the publication has none."""
        if self.date:
            return shift_day(self.date, days)
        if not self.day:
            return None
        # Around the end of February the answer depends on the year: then there is none.
        shifted = {
            moved[4:]
            for year in (2000, 2001)
            if (start := _safe_date(year, self.month, self.day))
            and (moved := shift_day(start, days))
        }
        return f"-{shifted.pop()}" if len(shifted) == 1 else None

    def shift_months(self, months: int) -> str | None:
        """The month so many months later."""
        if not self.month:
            return None
        years, month = divmod(self.month - 1 + months, 12)
        if not self.year:
            return f"--{month + 1:02}"
        return year_iso(self.year + years, f"-{month + 1:02}")

    def shift_years(self, years: int) -> str | None:
        """The year so many years later."""
        return year_iso(self.year + years) if self.year else None

    def week(self, weeks: int) -> str | None:
        """Monday to Sunday of the week so many weeks later."""
        return self._week_part(weeks, 0, 6)

    def weekend(self, weeks: int) -> str | None:
        """Saturday and Sunday of the week so many weeks later."""
        return self._week_part(weeks, 5, 6)

    def week_part(self, weeks: int, part: str) -> str | None:
        """The first three, middle three or last four days of the week so many weeks later."""
        first, last = {"early": (0, 2), "mid": (1, 3), "late": (3, 6)}[part]
        return self._week_part(weeks, first, last)

    def _week_part(self, weeks: int, first: int, last: int) -> str | None:
        today = self.date
        if not today:
            return None
        monday = today.toordinal() - today.weekday() + 7 * weeks
        try:
            return interval_iso(date.fromordinal(monday + first), date.fromordinal(monday + last))
        except (OverflowError, ValueError):
            return None

    def weekday(self, weekday: int, *, ahead: bool) -> str | None:
        """The nearest such weekday at or before the day, or at or after it when ``ahead``."""
        today = self.date
        if not today:
            return None
        gap = (weekday - today.weekday()) % 7 if ahead else -((today.weekday() - weekday) % 7)
        return shift_day(today, gap)

    def month_of_year(self, month: int, *, ahead: bool) -> str | None:
        """The nearest such month at or before the publication, or at or after it."""
        if not self.year or not self.month:
            return f"--{month:02}"
        year = self.year
        if ahead and month < self.month:
            year += 1
        elif not ahead and month > self.month:
            year -= 1
        return year_iso(year, f"-{month:02}")

    def day_of_year(self, month: int, day: int, *, ahead: bool) -> str | None:
        """The nearest such day at or before the publication, or at or after it.

        The day after the publication counts as at it, for it is today elsewhere. 29 February is
        looked for in the nearest leap year.
        """
        lone = month_day_iso(month, day)
        if not lone or not self.year or not self.month:
            return lone
        today = date(self.year, self.month, self.day or monthrange(self.year, self.month)[1])
        step = 1 if ahead else -1
        for year in range(self.year, self.year + 9 * step, step):
            found = _safe_date(year, month, day)
            if not found:
                continue
            early = (self.year, self.month) if not self.day else None
            if ahead and (found >= today or (found.year, found.month) == early):
                return found.isoformat()
            if not ahead and found.toordinal() <= today.toordinal() + bool(self.day):
                return found.isoformat()
        return None


def shift_day(day: date, days: int) -> str | None:
    """The day so many days later as ISO; ``None`` beyond the calendar."""
    try:
        return (day + timedelta(days=days)).isoformat()
    except OverflowError:
        return None


def year_iso(year: int, rest: str = "") -> str | None:
    """The year as four digits, with the rest of a date; ``None`` outside 1 to 9999."""
    return f"{year:04}{rest}" if 1 <= year <= 9999 else None


def find_nth_weekday(year: int, month: int, weekday: int, which: int) -> str | None:
    """The first (1) to fifth, or last (-1), Monday (0) to Sunday of a month; ``None`` if none."""
    first = 1 + (weekday - date(year, month, 1).weekday()) % 7
    days = range(first, monthrange(year, month)[1] + 1, 7)
    index = which - 1 if which > 0 else which
    return date(year, month, days[index]).isoformat() if index < len(days) else None


def _safe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
