"""Time in questions and in answers: a window from a question, a day from "Monday" and the article's date."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
MONTH = "(" + "|".join(MONTHS) + ")"
WEEKDAY = "(" + "|".join(WEEKDAYS) + ")"
YEAR = r"(1[5-9]\d\d|2[01]\d\d)"


@dataclass(frozen=True, slots=True)
class Window:
    """Days a question leans towards; both ends included, None for open."""

    first: date | None = None
    last: date | None = None
    words: str = ""  # for the user
    latest: bool = False  # "the latest": newer is better

    def holds(self, day: date | None) -> bool:
        """Whether a dated article falls inside; an undated one never does."""
        return day is not None and (self.first is None or day >= self.first) and (self.last is None or day <= self.last)

    @property
    def bounded(self) -> bool:
        """Whether it leans towards any days at all."""
        return self.first is not None or self.last is not None


def month_window(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def recent_month(month: int, before: date) -> int:
    """The year of the latest such month that had begun on that day."""
    return before.year if month <= before.month else before.year - 1


def question_window(question: str, today: date) -> Window:
    """What a question says about time: a year, a month, "last June", "this year", "the latest"; today is as-of."""
    text = question.lower()
    latest = bool(re.search(r"\b(latest|newest|most recent(ly)?|currently|right now|these days)\b", text))
    span = _stated(text, today)
    if span is None:
        return Window(latest=latest, words="newest first" if latest else "")
    first, last = span
    if re.search(r"\b(before|until|prior to|by)\s+(the end of\s+)?(" + MONTH + r"\s+)?" + YEAR, text):
        return Window(
            None, last if " by " in f" {text} " else first - timedelta(days=1), f"before {first:%-d %B %Y}", latest
        )
    if re.search(r"\b(since|after|from)\s+(" + MONTH + r"\s+)?" + YEAR + r"(?!\s*(to|until|-|–))", text):
        return Window(first, None, f"since {first:%-d %B %Y}", latest)
    return Window(first, last, describe(first, last), latest)


def describe(first: date, last: date) -> str:
    """A stretch of days in words, as short as it can be said."""
    if first == last:
        return f"{first:%-d %B %Y}"
    if (first, last) == month_window(first.year, first.month):
        return f"{first:%B %Y}"
    if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        return str(first.year)
    return f"{first:%-d %B %Y} to {last:%-d %B %Y}"


def _stated(text: str, today: date) -> tuple[date, date] | None:
    day = _full_day(text)
    if day:
        return day, day
    if match := re.search(MONTH + r",?\s+(?:of\s+)?" + YEAR, text):
        return month_window(int(match[2]), MONTHS[match[1]])
    if match := re.search(r"\b(?:last|this past)\s+" + MONTH, text):
        month = MONTHS[match[1]]
        return month_window(today.year if month < today.month else today.year - 1, month)
    if match := re.search(r"(?<![\d,.])" + YEAR + r"(?![,.]?\d)", text):
        return date(int(match[1]), 1, 1), date(int(match[1]), 12, 31)
    relative = {
        r"\btoday\b": (today, today),
        r"\byesterday\b": (today - timedelta(days=1),) * 2,
        r"\bthis week\b": (today - timedelta(days=today.weekday()), today),
        r"\blast week\b": (today - timedelta(days=today.weekday() + 7), today - timedelta(days=today.weekday() + 1)),
        r"\bthis month\b": month_window(today.year, today.month),
        r"\blast month\b": month_window(today.year - (today.month == 1), (today.month - 2) % 12 + 1),
        r"\bthis year\b": (date(today.year, 1, 1), date(today.year, 12, 31)),
        r"\blast year\b": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }
    return next((span for pattern, span in relative.items() if re.search(pattern, text)), None)


DAYS = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"(?P<month>{MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>{YEAR})"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{MONTH}),?\s+(?P<year>{YEAR})"),
)


def _full_day(text: str) -> date | None:
    for match in filter(None, (pattern.search(text) for pattern in DAYS)):
        month = match["month"]
        try:
            return date(int(match["year"]), MONTHS.get(month) or int(month), int(match["day"]))
        except ValueError:
            continue
    return None


def resolve(words: str, published: date | None) -> str:
    """What "Monday", "in September" or "last year" means in an article of that day; "" if it stands by itself."""
    text = words.lower()
    if published is None or re.search(YEAR, text):
        return ""
    if match := re.search(MONTH + r"\s+(\d{1,2})\b|\b(\d{1,2})\s+" + MONTH, text):
        month, number = MONTHS[match[1] or match[4]], int(match[2] or match[3])
        return _day_of(month, number, published)
    if match := re.search(r"\b(last|this past)?\s*\b" + MONTH + r"\b", text):
        month = MONTHS[match[2]]
        year = recent_month(month, published) - (1 if match[1] and month == published.month else 0)
        return f"{calendar.month_name[month]} {year}"
    if match := re.search(WEEKDAY, text):
        back = (published.weekday() - WEEKDAYS[match[1]]) % 7
        return f"{published - timedelta(days=back):%-d %B %Y}"
    return _relative(text, published)


def _day_of(month: int, number: int, published: date) -> str:
    year = recent_month(month, published)
    return f"{number} {calendar.month_name[month]} {year}" if number <= calendar.monthrange(year, month)[1] else ""


def _relative(text: str, published: date) -> str:
    if re.search(r"\b(today|tonight|this morning|this evening)\b", text):
        return f"{published:%-d %B %Y}"
    if "yesterday" in text:
        return f"{published - timedelta(days=1):%-d %B %Y}"
    if "last year" in text:
        return str(published.year - 1)
    if "this year" in text:
        return str(published.year)
    if "last month" in text:
        first = published.replace(day=1) - timedelta(days=1)
        return f"{first:%B %Y}"
    if "this month" in text or "later this month" in text:
        return f"{published:%B %Y}"
    return ""


TIME_WORDS = re.compile(
    rf"\b({'|'.join(MONTHS)}|{'|'.join(WEEKDAYS)}|today|yesterday|tomorrow|tonight|morning|evening|night|spring|summer|"
    r"autumn|winter|days?|weeks?|months?|years?|decades?|hours?|minutes?|ago|recently|since|after|before|during)\b"
    r"|\b1[5-9]\d\d\b|\b2[01]\d\d\b|\b\d{1,2}[:.]\d\d\b",
    re.IGNORECASE,
)


def tells_time(text: str) -> bool:
    """Whether words name a time at all: what an answer to "when" must do."""
    return bool(TIME_WORDS.search(text))


MOMENT = re.compile(
    rf"\b(?:{WEEKDAY}(?:,? {MONTH} \d{{1,2}}\b)?(?:,? {YEAR}\b)?"
    rf"|(?:\d{{1,2}} )?{MONTH}(?: \d{{1,2}}\b)?(?:,? {YEAR}\b)?"
    rf"|{YEAR}\b|(?:last|this) (?:week|month|year|spring|summer|autumn|winter)|yesterday)",
    re.IGNORECASE,
)


def first_time(text: str) -> str:
    """The first day, month or year that a text names, as it stands there; "" if none. "may" is no month, "May" is."""
    found = (match.group() for match in MOMENT.finditer(text))
    return next((one for one in found if not one.startswith("may")), "")
