"""The days that a question asks about: "in 2023", "last June", "between March and May 2024", "two weeks ago". Pure."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from qa.when import DAYS, MONTH, WEEKDAY, WEEKDAYS, YEAR, full_day, month_number
from qa.words import numbers, years

Days = tuple[date, date]  # first and last, both included


@dataclass(frozen=True, slots=True)
class Window:
    """Days a question leans towards; both ends included, None for open."""

    first: date | None = None
    last: date | None = None
    words: str = ""  # for the user
    latest: bool = False  # "the latest": newer is better
    ends: frozenset[int] = frozenset()  # years that only say where it begins or ends: no article need name them

    def holds(self, day: date | None) -> bool:
        """Whether a dated article falls inside; an undated one never does."""
        return day is not None and (self.first is None or day >= self.first) and (self.last is None or day <= self.last)

    @property
    def bounded(self) -> bool:
        """Whether it leans towards any days at all."""
        return self.first is not None or self.last is not None


COUNT = (
    r"(?P<count>an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3}"
    r"|(?:a )?couple of|(?:a )?few|several)"
)
UNIT = r"(?P<unit>day|week|month|year)s?"
VAGUE = {"a": 1, "an": 1, "couple of": 2, "a couple of": 2, "few": 4, "a few": 4, "several": 6}
LENGTH = {"day": 1, "week": 7, "month": 30, "year": 365}  # days
RECENT = {"day": 7, "week": 30, "month": 120, "year": 730}  # "in recent weeks": days
MOST = 1500  # units back that a question may go
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # their first months
SEASON = f"(?P<season>{'|'.join(SEASONS)})"
PARTS = {"early": (1, 4), "mid": (5, 8), "late": (9, 12), "first half": (1, 6), "second half": (7, 12),
         "first quarter": (1, 3), "second quarter": (4, 6), "third quarter": (7, 9), "fourth quarter": (10, 12),
         "last quarter": (10, 12), "q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12), "beginning": (1, 3),
         "start": (1, 3), "middle": (5, 8), "end": (10, 12)}  # fmt: skip
POINT = (
    rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?{MONTH}(?:\s+\d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,?\s+{YEAR})?|{YEAR})"
)
RANGE = re.compile(
    rf"\bbetween\s+(?P<one>{POINT})\s+and\s+(?P<other>{POINT})"
    rf"|\bfrom\s+(?P<from>{POINT})\s*(?:to|until|till|through|[-–])\s*(?P<to>{POINT})"
    rf"|(?<![\d,.])(?P<early>{YEAR})\s*(?:-|–|to|through)\s*(?P<late>{YEAR})(?![,.]?\d)"
)
OF_THE = r"(?:the\s+)?(?:(?:end|start|beginning) of\s+)?$"
BEFORE = re.compile(rf"\b(?:before|until|till|prior to)\s+{OF_THE}")
BY = re.compile(rf"\bby\s+{OF_THE}")
SINCE = re.compile(rf"\b(?:since|from)\s+{OF_THE}")
AFTER = re.compile(rf"\b(?:after|following)\s+{OF_THE}")
MONTH_ALONE = re.compile(
    rf"\b(?:in|during|since|until|till|before|after|by)\s+{MONTH}\b(?!,?\s+(?:of\s+)?\d)",
    re.IGNORECASE,
)
TO_COME = re.compile(r"\b(?:will|going to|next|upcoming|scheduled|planned)\b", re.IGNORECASE)
LEADING = re.compile(r"(?:\b(?:in|on|of|from|for|during|over|within|since|before|after|until|by)\s+)?(?:\bthe\s+)?$")
MANY_YEARS = 3  # that a stretch spans, from which no article need name the year that it is called by: "the 1990s"
NEWEST = re.compile(r"\b(?:latest|newest|most recent(?:ly)?|currently|right now|these days)\b")


def question_window(question: str, today: date) -> Window:
    """What a question says about time; `today` is the day of asking, from which "last June" is counted."""
    text = question.lower()
    latest = bool(NEWEST.search(text))
    if found := _range(text):
        days, words = found
        return Window(*days, describe(*days), latest, frozenset(years(words)))
    stretch = _stretch(text, today)
    if stretch is None:
        return Window(latest=latest, words="newest first" if latest else "")
    (first, last), match = stretch
    before, ends = text[: match.start()], frozenset(years(match.group()))
    if BY.search(before) or (BEFORE.search(before) and match.group().startswith("end")):
        return Window(None, last, f"until {last:%-d %B %Y}", latest, ends)
    if BEFORE.search(before) and first > date.min:
        return Window(None, first - timedelta(days=1), f"before {first:%-d %B %Y}", latest, ends)
    if AFTER.search(before) and last < date.max:
        return Window(last + timedelta(days=1), None, f"after {last:%-d %B %Y}", latest, ends)
    if SINCE.search(before):
        return Window(first, None, f"since {first:%-d %B %Y}", latest, ends)
    long = last.year - first.year >= MANY_YEARS
    return Window(first, last, describe(first, last), latest, ends if long else frozenset())


def month_alone(question: str) -> tuple[int, int] | None:
    """The month that a question about the past names without a year, and where its name ends; None for none."""
    match = MONTH_ALONE.search(question)
    return (month_number(match[1]), match.end()) if match and not TO_COME.search(question) else None


def named_time(question: str) -> tuple[int, int] | None:
    """Where the words of a question that name its time begin and end, with the preposition before; None for none."""
    text = question.lower()
    patterns = (RANGE, *DAYS, *(pattern for pattern, _ in STRETCHES))
    match = next(filter(None, (pattern.search(text) for pattern in patterns)), None)
    if match is None or len(text) != len(question):
        return None
    before = LEADING.search(text[: match.start()])
    return (before.start() if before else match.start()), match.end()


def describe(first: date, last: date) -> str:
    """A stretch of days in words, as short as it can be said."""
    if first == last:
        return f"{first:%-d %B %Y}"
    if (first, last) == _months(first.year, first.month, first.month):
        return f"{first:%B %Y}"
    if (first, last) == _months(first.year, 1, 12):
        return str(first.year)
    if (first.month, first.day) == (1, 1) and (last.month, last.day) == (12, 31):
        return f"{first.year} to {last.year}"
    return f"{first:%-d %B %Y} to {last:%-d %B %Y}"


def _months(year: int, first: int, last: int) -> Days:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _year(year: int) -> Days:
    return _months(year, 1, 12)


def _season(name: str, year: int) -> Days:
    """The winter of a year is the one that begins in it, and the one that ends in it."""
    month = SEASONS[name]
    if name == "winter":
        return date(year - 1, 12, 1), _months(year + 1, 2, 2)[1]
    return _months(year, month, month + 2)


def _last_season(name: str, today: date) -> Days:
    """The latest that had ended."""
    if name == "winter":
        year = today.year if today.month > 2 else today.year - 1
        return date(year - 1, 12, 1), _months(year, 2, 2)[1]
    days = _season(name, today.year)
    return days if days[1] < today else _season(name, today.year - 1)


def _this_season(name: str, today: date) -> Days:
    if name == "winter":
        year = today.year if today.month <= 6 else today.year + 1
        return date(year - 1, 12, 1), _months(year, 2, 2)[1]
    return _season(name, today.year)


def _count(words: str) -> int:
    return VAGUE.get(words) or int((numbers(words) or [0])[0])


def _ago(match: re.Match[str], today: date) -> Days | None:
    count, unit = _count(match["count"]), match["unit"]
    if not 0 < count <= MOST:
        return None
    if unit == "year":
        return _year(today.year - count)
    if unit == "month":
        month = today.year * 12 + today.month - 1 - count
        return _months(month // 12, month % 12 + 1, month % 12 + 1)
    day = today - timedelta(days=count * LENGTH[unit])
    slack = timedelta(days=3 if unit == "week" else 0)
    return day - slack, day + slack


def _past(match: re.Match[str], today: date) -> Days | None:
    count = _count(match["count"])
    return (today - timedelta(days=count * LENGTH[match["unit"]]), today) if 0 < count <= MOST else None


def _weekday(match: re.Match[str], today: date) -> Days:
    day = today - timedelta(days=(today.weekday() - WEEKDAYS[match[1]] - 1) % 7 + 1)
    return day, day


def _weekend(today: date, back: int) -> Days:
    saturday = today - timedelta(days=(today.weekday() + 2) % 7 + back)
    return saturday, saturday + timedelta(days=1)


def _last_month(match: re.Match[str], today: date) -> Days:
    month = month_number(match[1])
    return _months(today.year - (month >= today.month), month, month)


def _of_last_month(today: date) -> Days:
    month = (today.month - 2) % 12 + 1
    return _months(today.year - (today.month == 1), month, month)


def _ended_week(today: date) -> Days:
    monday = today - timedelta(days=today.weekday() + 7)
    return monday, monday + timedelta(days=6)


Stretch = Callable[[re.Match[str], date], Days | None]
# What names a stretch of days, and which days; the first in this order that a question holds counts.
STRETCHES: tuple[tuple[re.Pattern[str], Stretch], ...] = tuple(
    (re.compile(pattern), days)
    for pattern, days in (
        (
            rf"{MONTH},?\s+(?:of\s+)?{YEAR}",
            lambda match, today: _months(int(match[2]), *[month_number(match[1])] * 2),
        ),
        (
            rf"\b(?P<part>{'|'.join(PARTS)})(?:[ -]| of (?:the year )?){YEAR}",
            lambda match, today: _months(int(match[2]), *PARTS[match["part"]]),
        ),
        (rf"\b{SEASON}(?: of)? {YEAR}", lambda match, today: _season(match["season"], int(match[2]))),
        (rf"\b(?:last|this past)\s+{MONTH}", _last_month),
        (
            rf"\bthis\s+{MONTH}\b",
            lambda match, today: _months(today.year, *[month_number(match[1])] * 2),
        ),
        (rf"\b(?:last|this past) {SEASON}\b", lambda match, today: _last_season(match["season"], today)),
        (rf"\bthis {SEASON}\b", lambda match, today: _this_season(match["season"], today)),
        (
            r"(?<!\d)(1[5-9]|20|21)(\d)0['’]?s\b",
            lambda match, today: (_year(int(match[1] + match[2] + "0"))[0], _year(int(match[1] + match[2] + "9"))[1]),
        ),
        (rf"(?<![\d,.]){YEAR}(?![,.]?\d)", lambda match, today: _year(int(match[1]))),
        (rf"\b{COUNT} {UNIT} ago\b", _ago),
        (rf"\b(?:the |these )?(?:last|past) {COUNT} {UNIT}\b", _past),
        (rf"\brecent {UNIT}\b", lambda match, today: (today - timedelta(days=RECENT[match["unit"]]), today)),
        (rf"\b(?:last|this past)\s+{WEEKDAY}\b", _weekday),
        (r"\b(?:last|past) weekend\b", lambda match, today: _weekend(today, 7 if today.weekday() >= 5 else 0)),
        (r"\b(?:this|(?:over|at) the) weekend\b", lambda match, today: _weekend(today, 0)),
        (r"\btoday\b", lambda match, today: (today, today)),
        (r"\byesterday\b", lambda match, today: (today - timedelta(days=1),) * 2),
        (r"\bthis week\b", lambda match, today: (today - timedelta(days=today.weekday()), today)),
        (r"\blast week\b", lambda match, today: _ended_week(today)),
        (r"\bthis month\b", lambda match, today: _months(today.year, today.month, today.month)),
        (r"\blast month\b", lambda match, today: _of_last_month(today)),
        (r"\bthis year\b", lambda match, today: _year(today.year)),
        (r"\blast year\b", lambda match, today: _year(today.year - 1)),
    )
)


def _stretch(text: str, today: date) -> tuple[Days, re.Match[str]] | None:
    for match in filter(None, (pattern.search(text) for pattern in DAYS)):
        if day := full_day(match.group()):
            return (day, day), match
    for pattern, days in STRETCHES:
        named = pattern.search(text)
        try:
            found = days(named, today) if named else None
        except (ValueError, OverflowError):  # before the year 1, or after 9999
            continue
        if named and found:
            return found, named
    return None


def _range(text: str) -> tuple[Days, str] | None:
    """The days between two times and their words; the first takes its year from the second where it names none."""
    match = RANGE.search(text)
    if match is None:
        return None
    one, other = (match[a] or match[b] or match[c] for a, b, c in (("one", "from", "early"), ("other", "to", "late")))
    named = years(other) or years(one)
    if not named:
        return None
    ends = [_point(point if years(point) else f"{point} {named[0]}") for point in (one, other)]
    if ends[0] is None or ends[1] is None or ends[0][0] > ends[1][1]:
        return None
    return (ends[0][0], ends[1][1]), match.group()


def _point(text: str) -> Days | None:
    found = _stretch(text, date.max)
    return found[0] if found else None
