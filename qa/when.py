"""Time in articles and in answers: the day that "Monday" means by the article's date."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qa.words import numbers

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
SHORT_MONTH = r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?(?=\s+\d)"  # only before a number: "Jan. 4"
MONTH = "(" + "|".join(MONTHS) + f"|{SHORT_MONTH})"
WEEKDAY = "(" + "|".join(WEEKDAYS) + ")"
YEAR = r"(1[5-9]\d\d|2[01]\d\d)"


def month_number(name: str) -> int:
    """1 to 12 for "January" or "Jan.", in any case."""
    return next(number for month, number in MONTHS.items() if month.startswith(name[:3].lower()))


def recent_month(month: int, before: date) -> int:
    """The year of the latest such month that had begun on that day."""
    return before.year if month <= before.month else before.year - 1


DAYS = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"(?P<month>{MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>{YEAR})"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{MONTH}),?\s+(?P<year>{YEAR})"),
)


def full_day(text: str) -> date | None:
    """The day that lower-case words name with month and year; None if none, or one that there is not."""
    for match in filter(None, (pattern.search(text) for pattern in DAYS)):
        month = match["month"]
        try:
            number = int(month) if month.isdigit() else month_number(month)
            return date(int(match["year"]), number, int(match["day"]))
        except ValueError:
            continue
    return None


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as far as words and the article's date tell it."""

    year: int | None
    month: int | None = None
    day: int | None = None

    @property
    def parts(self) -> tuple[int | None, int | None, int | None]:
        """Year, month, day."""
        return self.year, self.month, self.day

    @property
    def said(self) -> str:
        """In words, from the year on: "20 November 2023", "November 2023", "2023"; "" without a year."""
        if self.year is None:
            return ""
        month = f"{calendar.month_name[self.month]} " if self.month else ""
        return f"{self.day} {month}{self.year}" if self.day else f"{month}{self.year}"


# What stands before a time to come: "the rule ends on Friday" is said with one of these more often than not.
AHEAD = re.compile(
    r"\b(?:will|won['’]t|would(?! have)|to be|is to|are to|set to|set for|plan(?:s|ned|ning)? (?:to|for|on)|scheduled"
    r"|slated|expect(?:s|ed|ing)?|upcoming|next"
    r"|coming|effective|starting|(?<!the )beginning|begins?|starts?|opens?|ends?(?! of\b)|due|turns?|takes place"
    r"|falls on|runs (?:to|until|through))\b|['’]ll\b"
    rf"|\b(?:by|until|till) (?:(?:the|end|of|late|early|mid|middle|start|next|this) )*(?:{MONTH}|{WEEKDAY}|\d)",
    re.IGNORECASE,
)
OPENING_YEAR = re.compile(rf"(?:^|[.!?]\s+)[\"“‘'(]?In {YEAR},? [^.!?]*$")  # of the sentence that the time stands in
LAST = re.compile(r"\blast\b(?! (?:few )?(?:days?|weeks?|weekend|hours?|minutes?) of\b)")
OPENS = re.compile(r"\W*(?:(?:on|in|by|at|from)\b)?(?: the\b)?\W*", re.IGNORECASE)
TO_COME = re.compile(  # "On March 23, the rings will make": of the sentence that a time opens
    r"[^.;:—]{0,80}?\b(?:will|won['’]t|(?:is|are) (?:set|due|expected|scheduled|slated|to))\b", re.IGNORECASE
)
ENDS_IN_DAY = re.compile(rf"\b{WEEKDAY}$", re.IGNORECASE)
ITS_DATE = re.compile(rf",?\s+{MONTH}\s+\d{{1,2}}\b(?:,?\s+{YEAR}\b)?", re.IGNORECASE)
ENDS_IN_DATE = re.compile(rf"\b{MONTH}(?:\s+\d{{1,2}})?$", re.IGNORECASE)
AGO = re.compile(r"(?<!\band )\b([\w-]+) (days|years) ago\b", re.IGNORECASE)
ROUND_YEARS, LONG_AGO = 5, 400  # "20 years ago" may be 19, and tells no year; nor is one told so long ago
ITS_YEAR = re.compile(rf",?\s+{YEAR}\b", re.IGNORECASE)
BEFORE = 200  # characters before a time that are read for that
LOOKED_BACK = 14  # words before a time among which AHEAD counts


def looks_ahead(before: str) -> bool:
    """Whether a time after these words of its sentence is one to come."""
    clause = re.split(r"[;:—]|\b(?:said|announced|told|after)\b", " ".join(before.split()[-LOOKED_BACK:]))[-1]
    return bool(AHEAD.search(clause))


def opens_ahead(before: str, behind: str) -> bool:
    """Whether a time opens its sentence, which goes on to tell what is to come."""
    return bool(OPENS.fullmatch(before) and TO_COME.match(behind))


def whole_time(words: str, behind: str) -> str:
    """Words with what completes their time: the "Sept. 7" of "Wednesday, Sept. 7", the "2025" of "March 23, 2025"."""
    for end, more in ((ENDS_IN_DAY, ITS_DATE), (ENDS_IN_DATE, ITS_YEAR)):
        if end.search(words) and (match := more.match(behind)):
            return words + match.group()
    return words


def moment(words: str, published: date | None, before: str = "", behind: str = "") -> Moment | None:
    """The time that words mean in an article of that day, between the words `before` and `behind` them in their
    sentence; None where they name none.
    """
    text = whole_time(words, behind).lower()
    if day := full_day(text):
        return Moment(day.year, day.month, day.day)
    if match := re.search(MONTH + r",?\s+(?:of\s+)?" + YEAR, text):
        return Moment(int(match[2]), month_number(match[1]))
    if match := re.search(r"(?<![\d,.$€£])" + YEAR + r"(?![,.]?\d|s\b)", text):
        return Moment(int(match[1]))
    if published and (match := re.search(MONTH + r" (?:of )?(last|this|next) year\b", text)):
        return Moment(published.year + {"last": -1, "this": 0, "next": 1}[match[2]], month_number(match[1]))
    ahead = not LAST.search(text) and (looks_ahead(f"{before} {text}") or opens_ahead(before, behind))
    found = _near(text, published, ahead)
    opening = OPENING_YEAR.search(before)
    if found and found.month and opening and re.search(MONTH, text):
        year = int(opening[1])  # "In 2021, Mardi Gras falls on Feb. 16"
        return replace(found, year=year) if (found.day or 1) <= calendar.monthrange(year, found.month)[1] else found
    return found


def _near(text: str, published: date | None, ahead: bool) -> Moment | None:
    """A time without a year: the nearest one before the article's day, or the next one."""
    if match := re.search(
        MONTH + r"\s+(\d{1,2})(?:st|nd|rd|th)?\b|\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?" + MONTH, text
    ):
        return _day_of(month_number(match[1] or match[4]), int(match[2] or match[3]), published, ahead)
    if match := re.search(r"\b(last|this past)?\s*\b" + MONTH + r"\b", text):
        month = month_number(match[2])
        if published is None:
            return Moment(None, month)
        back = 1 if match[1] and month == published.month else 0
        return Moment(_year_of(month, published, ahead) - back, month)
    if published is None:
        return None
    if match := re.search(rf"\b{WEEKDAY}\b", text):
        apart = (WEEKDAYS[match[1]] - published.weekday()) % 7
        return _of_day(published + timedelta(days=apart if ahead else apart - 7 if apart else 0))
    return _relative(text, published)


def _year_of(month: int, published: date, ahead: bool) -> int:
    if not ahead:
        return recent_month(month, published)
    return published.year if month >= published.month else published.year + 1


def _day_of(month: int, number: int, published: date | None, ahead: bool) -> Moment | None:
    if published is None:
        return Moment(None, month, number) if 1 <= number <= 31 else None
    year = _year_of(month, published, ahead)
    return Moment(year, month, number) if 1 <= number <= calendar.monthrange(year, month)[1] else None


def _of_day(day: date) -> Moment:
    return Moment(day.year, day.month, day.day)


def _relative(text: str, published: date) -> Moment | None:
    before = published.replace(day=1) - timedelta(days=1)
    after = published.replace(day=28) + timedelta(days=4)
    table = {
        r"today|tonight|this (?:morning|evening|afternoon)": _of_day(published),
        r"yesterday|last night": _of_day(published - timedelta(days=1)),
        r"tomorrow": _of_day(published + timedelta(days=1)),
        r"last year": Moment(published.year - 1),
        r"(?:later )?this year": Moment(published.year),
        r"next year": Moment(published.year + 1),
        r"last month": Moment(before.year, before.month),
        r"(?:later )?this month": Moment(published.year, published.month),
        r"next month": Moment(after.year, after.month),
    }
    if match := AGO.search(text):
        return _ago(int((numbers(match[1]) or [0])[0]), match[2], published)
    return next((found for pattern, found in table.items() if re.search(rf"\b(?:{pattern})\b", text)), None)


def _ago(count: int, unit: str, published: date) -> Moment | None:
    if unit == "days":
        return _of_day(published - timedelta(days=count)) if 1 < count < 100 else None
    exact = count <= ROUND_YEARS or count % ROUND_YEARS
    return Moment(published.year - count) if 1 < count < LONG_AGO and exact else None


def resolve(words: str, published: date | None, before: str = "", behind: str = "") -> str:
    """What "Monday", "in September" or "last year" means in an article of that day; "" if it stands by itself."""
    if published is None or re.search(YEAR, words):
        return ""
    found = moment(words, published, before, behind)
    return found.said if found else ""


OF_DAY = r"\d{1,2}[:.]\d\d\b|\d{1,2} ?[ap]\.?m\b|(?:noon|midnight)\b"
TIME_WORDS = re.compile(
    rf"\b({'|'.join(MONTHS)}|{'|'.join(WEEKDAYS)}|today|yesterday|tomorrow|tonight|morning|evening|night|spring|summer|"
    r"autumn|winter|days?|weeks?|months?|years?|decades?|hours?|minutes?|ago|recently|since|after|before|during)\b"
    rf"|\b{SHORT_MONTH}|\b1[5-9]\d\d\b|\b2[01]\d\d\b|\b(?:{OF_DAY})",
    re.IGNORECASE,
)


def tells_time(text: str) -> bool:
    """Whether words name a time at all: what an answer to "when" must do."""
    return bool(TIME_WORDS.search(text))


# What "at what time" and "on what date" ask for, and what answers them.
CLOCK_ASKED = re.compile(r"\b(?:what|which) (?:(?:exact )?time\b(?! of (?:the )?(?:year|month|week))|hour\b)", re.I)
DAY_ASKED = re.compile(r"\b(?:what|which) (?:exact )?(?:date|day)\b", re.I)
A_CLOCK = re.compile(
    rf"\b(?:{OF_DAY}|\d{{1,2}} o['’]clock|midday|dawn|dusk|sun(?:rise|set)|morning|evening|afternoon)", re.I
)
A_DAY = re.compile(
    rf"\b(?:{WEEKDAY}|{MONTH} (?:the )?\d{{1,2}}(?!\d)|\d{{1,2}}(?:st|nd|rd|th)?(?: day)?(?: of)? {MONTH}"
    r"|\d{4}-\d\d-\d\d|yesterday|to(?:day|morrow|night)|days? (?:ago|earlier|later|before|after)|\w+ (?:Day|Eve)\b"
    r"|Christmas|Easter)",
    re.I,
)


def answers_when(question: str, span: str) -> bool:
    """Whether words tell a time as a question wants it: "at what time" of the clock, "on what date" a day."""
    if CLOCK_ASKED.search(question):
        return bool(A_CLOCK.search(span))
    return bool(A_DAY.search(span)) if DAY_ASKED.search(question) else tells_time(span)


MOMENT = re.compile(
    rf"\b(?:{WEEKDAY}(?:,? {MONTH} \d{{1,2}}\b)?(?:,? {YEAR}\b)?"
    rf"|(?:\d{{1,2}}(?:(?:st|nd|rd|th) of)? )?{MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,? {YEAR}\b)?"
    rf"|{YEAR}\b|(?:last|this) (?:week|month|year|spring|summer|autumn|winter)|yesterday)",
    re.IGNORECASE,
)


def times(text: str) -> Iterator[re.Match[str]]:
    """The days, months and years that a text names, where they stand. "may" is no month, "May" is."""
    return (match for match in MOMENT.finditer(text) if not match.group().startswith("may"))


def first_time(text: str) -> str:
    """The first of them, as it stands there; "" if there is none."""
    return next((match.group() for match in times(text)), "")
