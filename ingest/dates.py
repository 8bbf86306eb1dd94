"""When was it published? The one place that parses dates.

Rungs, strongest first: the file's own field, HTML metadata, a stamp in the first or last lines, the URL, and what the text
itself implies. Dates read elsewhere that disagree are kept. A file's time is never a publication date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.article import Published

MONTHS = "january february march april may june july august september october november december".split()
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
EARLIEST = 1800  # years outside these are no publication years
LATEST = 2100
CONFIDENCE = {"field": 1.0, "meta": 0.95, "stamp": 0.9, "url": 0.9, "text": 0.6}
EDGE = 6  # lines at the top, and 4 at the end, where a stamp may stand
FOOT = 4

_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_CLOCK = r"(?:[T\s,]+(?:at\s+)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|[A-Z]{2,4}\b|[+-]\d{2}:?\d{2})?)?"
PATTERNS = [
    re.compile(rf"(?<![\d.]){_WEEKDAY}(?P<year>\d{{4}})[-/.](?P<mon>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d){_CLOCK}", re.I),
    re.compile(rf"\b{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(?P<year>\d{{4}})\b{_CLOCK}", re.I),
    re.compile(rf"\b{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b{_CLOCK}", re.I),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<mon>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
]
PARTIAL = [  # a weekday with a day and month, and no year
    re.compile(rf"\b(?P<weekday>{'|'.join(DAYS)}),?\s+{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,?\s+\d{{4}})", re.I),
    re.compile(rf"\b(?P<weekday>{'|'.join(DAYS)}),?\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b(?!,?\s+\d{{4}})", re.I),
]
_LABEL = re.compile(
    r"^(?:date|published|posted|updated|last\s+updated|modified|first\s+published|publish\s+date|on|at|by|time|gmt|utc|est|edt|bst|cet|[|,:;•·–—()\[\]\s-])*$",
    re.I,
)
_LEAD_LABEL = re.compile(r"^\s*(?:(?:date|published|posted|updated|last updated)(?:\s+on)?\s*:?\s*)?$", re.I)


@dataclass(frozen=True, slots=True)
class Found:
    """A date written out in a text: `text[start:end]`."""

    start: int
    end: int
    day: date


def find_days(text: str) -> list[Found]:
    """Every whole date (day, month and year) written in a text, in order, never overlapping."""
    found: list[Found] = []
    for pattern in PATTERNS:
        for match in pattern.finditer(text):
            day = _day(match)
            if day and not any(match.start() < other.end and other.start < match.end() for other in found):
                found.append(Found(match.start(), match.end(), day))
    return sorted(found, key=lambda one: one.start)


def parse_day(text: str) -> date | None:
    """The first whole date in a text, None when there is none."""
    found = find_days(text)
    return found[0].day if found else None


def without_stamp(line: str) -> str:
    """The line without a date stamp at its beginning; "" when it is nothing but stamps."""
    found = find_days(line)
    if not found or not _LEAD_LABEL.match(line[: found[0].start]):
        return line
    rest = line
    while (days := find_days(rest)) and _LEAD_LABEL.match(rest[: days[0].start].strip(" ,|-–—•")):
        glued = _LEAD_LABEL.match(line[: found[0].start]) and _numeric(rest[days[0].start : days[0].end])
        after = rest[days[0].end :]
        if not glued and not _LABEL.match(after):
            break
        rest = after
    return "" if _LABEL.match(rest) else rest.strip(" \t|,;:–—-")


def published(text: str, field: str = "", meta: str = "", url: str = "") -> Published:
    """The publication date from the strongest rung that has one; `text` is the raw text."""
    read = [
        *[("field", day) for day in [parse_day(field)] if day],
        *[("meta", day) for day in [parse_day(meta)] if day],
        *[("stamp", day) for day in _stamps(text)],
        *[("url", day) for day in [_url_day(url)] if day],
    ]
    read = read or [("text", day) for day in [_implied(text)] if day]
    if not read:
        return Published()
    provenance, day = read[0]
    others = dict.fromkeys(f"{other.isoformat()} ({rung})" for rung, other in read if other != day)
    return Published(day, provenance, CONFIDENCE[provenance], tuple(others))


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    month = int(parts["mon"]) if parts.get("mon") else _month(parts["month"])
    year = int(parts["year"])
    try:
        return date(year, month, int(parts["day"])) if EARLIEST <= year <= LATEST else None
    except ValueError:
        return None


def _month(name: str) -> int:
    return 1 + [month[:3] for month in MONTHS].index(name[:3].lower())


def _numeric(text: str) -> bool:
    return text[:1].isdigit() and not re.search("[a-z]{3}", text[:10], re.I)


def _stamps(text: str) -> list[date]:
    """Dates of the stamp lines at the top and the end: the most frequent first, then in order."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    edge = lines[:EDGE] + lines[max(EDGE, len(lines) - FOOT) :]
    days = [one.day for line in edge if without_stamp(line) != line for one in _stamp_days(line)]
    return sorted(dict.fromkeys(days), key=lambda day: -days.count(day))


def _stamp_days(line: str) -> Iterator[Found]:
    rest = without_stamp(line)
    yield from find_days(line[: len(line) - len(rest)] if rest else line)


def _url_day(url: str) -> date | None:
    match = re.search(r"/((?:19|20)\d{2})[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})(?=[/-]|$)", url, re.I)
    if not match:
        return parse_day(url)
    year, month, day = match.groups()
    return parse_day(f"{year}-{month}-{day}" if month.isdigit() else f"{day} {month} {year}")


def _implied(text: str) -> date | None:
    """A weekday with day and month, in the first year it fits from the latest year written in the text's dates."""
    anchors = [one.day for one in find_days(text)]
    if not anchors:
        return None
    latest = max(anchors)
    fits = [day for match in _partials(text) for day in [_weekday_year(match, latest.year)] if day]
    return max(fits, default=None)


def _partials(text: str) -> Iterator[re.Match[str]]:
    for pattern in PARTIAL:
        yield from pattern.finditer(text)


def _weekday_year(match: re.Match[str], year: int) -> date | None:
    """The date in that year or the next whose weekday is the one written."""
    for candidate in (year, year + 1):
        try:
            day = date(candidate, _month(match["month"]), int(match["day"]))
        except ValueError:
            continue
        if DAYS[day.weekday()] == match["weekday"].lower():
            return day
    return None


def today_minus(today: date, days: int) -> date:
    """So many days before today."""
    return today - timedelta(days=days)
