"""When was it published? The one place that parses dates.

Rungs, strongest first: the file's own field, a page's metadata, a stamp in the first or last lines, the address, and
what the text itself implies. Dates read elsewhere that disagree are kept. A file's time is never a publication date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from ingest.article import Published
from ingest.boilerplate import AGENCIES, OUTLETS

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEARS = range(1800, 2101)  # other numbers are no years
CONFIDENCE = {"field": 1.0, "meta": 0.95, "stamp": 0.9, "url": 0.9, "text": 0.4}  # share of exact days; measured
CONFLICT = 0.8  # what the confidence is multiplied by when another rung, or another stamp, disagrees
STAMPS = 6  # one after the other at the beginning of a line
EDGES = 50_000  # characters at either end of a text in which dates are looked for
LEAD = 2_000  # characters; a day named further down is rarely the day of publication
REACH = 60  # characters of a line in which a stamp must begin
HEAD, FOOT = 6, 4  # lines at the top and at the end where a stamp may stand

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s+)?"
_CLOCK = (
    r"(?:(?:[T,]|\s+at|\s+[-–|])?\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?"
    r"(?:\s*[ap]\.?m\b\.?)?(?:\s*(?:Z|[A-Z]{2,4})\b|\s*[+-]\d{2}:?\d{2}\b)?)?"
)
WHOLE = [  # day, month and year
    re.compile(
        rf"(?<![\w.]){_WEEKDAY}(?P<year>\d{{4}})[-/.](?P<mm>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d){_CLOCK}", re.I
    ),
    re.compile(rf"\b{_WEEKDAY}{_DAY}[\s-]+(?:of\s+)?{_MONTH}[,\s-]+(?P<year>\d{{4}})\b{_CLOCK}", re.I),
    re.compile(rf"\b{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})\b{_CLOCK}", re.I),
    re.compile(
        rf"(?<![\d/.])(?P<one>\d{{1,2}})(?P<mark>[/.])(?P<two>\d{{1,2}})(?P=mark)(?P<year>\d{{4}})(?![\d/]){_CLOCK}"
    ),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<mm>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
]
YEARLESS = [  # weekday, month and day
    re.compile(rf"\b(?P<weekday>{'|'.join(WEEKDAYS)}),?\s+{_MONTH}\s+{_DAY}\b(?!,?\s+\d{{4}})", re.I),
    re.compile(
        rf"\b(?P<weekday>{'|'.join(WEEKDAYS)}),?\s+(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}(?!\w|,?\s+\d{{4}})", re.I
    ),
]
_FOUR = re.compile(r"\d{4}")
_YEAR = re.compile(r"(?<![\d.,$])(?:19|20)\d{2}(?![\d,.]\d|\d)")
_REPORT = re.compile(
    r"\b(?:said|told|expressed|announced|reported|confirmed|declared|stated|wrote|added|warned|urged|met|spoke|"
    r"arrived|signed|killed|died|voted|ruled|arrested|accused)\b"
)
_AHEAD = re.compile(
    r"\b(?:will|would|scheduled|set to|until|due|expected|upcoming|planned|next|begins?|starts?|deadline)\b", re.I
)
_DIGITS = re.compile(r"\d+[-/.]\d")
_LABEL = re.compile(
    r"(?:\W|\b(?:date|(?:first\s+|last\s+)?(?:published|posted|updated|modified)|publish|on|at|time|gmt|utc|es?t|ed?t|bst|ce?t)\b)*",
    re.I,
)
# What a line may hold before its stamp: an author, a publisher or a place.
_NAMED = re.compile(
    r"(?P<by>By )?(?P<name>[A-Z][\w.&'’-]*(?: [A-Z][\w.&'’-]*){0,4})(?:,| [-–—]| \(| ?(?P<bar>[|·•])) ?"
)
_KNOWN = re.compile(rf"{OUTLETS}|{AGENCIES}|The (?!Hague)[A-Z]\w+")
_RELABEL = re.compile(r"\W*(?:last\s+)?(?:published|posted|updated|modified)\b", re.I)  # another stamp follows


@dataclass(frozen=True, slots=True)
class Found:
    """A date written out in a text: `text[start:end]`."""

    start: int
    end: int
    day: date


@dataclass(frozen=True, slots=True)
class Named:
    """The name in a line that is a name and a date, "Reuters, 3 May 2025"; a place is neither of the two."""

    name: str
    publisher: bool
    author: bool


def find_days(text: str) -> list[Found]:
    """Every whole date (day, month and year) written in a text, in order, never overlapping."""
    found: list[Found] = []
    if not _FOUR.search(text):  # most paragraphs: saves nine tenths of the time
        return found
    taken = bytearray(len(text))
    for pattern in WHOLE:
        for match in pattern.finditer(text):
            day = _day(match)
            if day and not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                found.append(Found(match.start(), match.end(), day))
    return sorted(found, key=lambda one: one.start)


def parse_day(text: str) -> date | None:
    """The first whole date in a text, None when there is none."""
    found = find_days(text)
    return found[0].day if found else None


def without_stamp(line: str) -> str:
    """The line without the date stamps at its beginning, "" when there is nothing else in it.

    A date in words that begins a sentence ("January 6, 2021, was ...") is no stamp; one in digits is.
    """
    rest = line
    if not any(c.isdigit() for c in line[:REACH]):
        return line
    for _ in range(STAMPS):
        found = find_days(rest[: 2 * REACH])
        if not found or not _LABEL.fullmatch(rest[: found[0].start]):
            break
        written, after = rest[found[0].start : found[0].end], rest[found[0].end :]
        if not _bare(after) and not _DIGITS.match(written) and not _RELABEL.match(after):
            break
        rest = after
    if rest == line:
        return line
    return "" if _bare(rest) else rest.strip(" \t|,;:–—-")


def dated_name(line: str) -> Named | None:
    """Who a line names before a date stamp; None where the line says anything else, as does a title that ends in a day
    ("Floods Hit Valencia, 3 May 2025").
    """
    match = _NAMED.match(line)
    if match is None or match.end() == len(line) or not without_stamp(line) or without_stamp(line[match.end() :]):
        return None
    name, known = match["name"], bool(_KNOWN.fullmatch(match["name"]))
    brief = len(name.split()) <= 2
    alone = " " not in name and bool(match["bar"])  # no person's, and no town's: those have a comma
    return Named(name, not match["by"] and (known or alone), bool(match["by"])) if known or brief else None


def _bare(text: str) -> bool:
    """Nothing but labels and marks?"""
    return len(text) <= 2 * REACH and bool(_LABEL.fullmatch(text))


def published(text: str, field: str = "", meta: str = "", url: str = "") -> Published:
    """The publication date from the strongest rung that has one; `text` is the raw text, `meta` may name several."""
    if len(text) > 2 * EDGES:
        text = f"{text[:EDGES]}\n{text[-EDGES:]}"
    read = [
        *[("field", day) for day in [_value(field)] if day],
        *[("meta", day) for day in [*(one.day for one in find_days(meta)), _value(meta)] if day],
        *[("stamp", day) for day in _stamps(text)],
        *[("url", day) for day in [_url_day(url)] if day],
    ]
    read = read or [("text", day) for day in [_implied(text)] if day]
    if not read:
        return Published()
    rung, day = read[0]
    others = tuple(dict.fromkeys(f"{other.isoformat()} ({where})" for where, other in read if other != day))
    return Published(day, rung, round(CONFIDENCE[rung] * (CONFLICT if others else 1), 2), others)


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    year = int(parts["year"])
    if parts.get("mark"):
        pair = _day_month(int(parts["one"]), int(parts["two"]), parts["mark"])
    else:
        pair = int(parts["day"]), int(parts["mm"]) if parts.get("mm") else _month(parts["month"])
    try:
        return date(year, pair[1], pair[0]) if pair and year in YEARS else None
    except ValueError:
        return None


def _day_month(one: int, two: int, mark: str) -> tuple[int, int] | None:
    """Which of two numbers is the day; None where both orders are in use and either fits (3/4/2023)."""
    if mark == "." or one > 12 or one == two:
        return one, two
    return (two, one) if two > 12 else None


def _month(name: str) -> int:
    return 1 + MONTHS.index(name[:3].lower())


def _value(text: str) -> date | None:
    """A date field's value: any notation, or seconds or milliseconds since 1970."""
    text = text.strip()
    if re.fullmatch(r"\d{9,10}|\d{12,13}", text):
        day = datetime.fromtimestamp(int(text) / (1000 if len(text) > 10 else 1), UTC).date()
        return day if day.year in YEARS else None
    return parse_day(text) or (_foreign(text) if any(c.isdigit() for c in text) else None)


def _foreign(text: str) -> date | None:
    import dateparser  # 0.3 s: only for a date field in another language

    wanted = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    found = dateparser.parse(text[:60], settings=wanted)
    return found.date() if found and found.year in YEARS else None


def _stamps(text: str) -> list[date]:
    """Dates of the stamps at the top and the end: the most frequent first, then in order."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    edge = lines[:HEAD] + lines[max(HEAD, len(lines) - FOOT) :]
    stamps = [line if dated_name(line) else line[: len(line) - len(without_stamp(line))] for line in edge]
    days = [one.day for stamp in stamps for one in find_days(stamp)]
    return sorted(dict.fromkeys(days), key=lambda day: -days.count(day))


def _url_day(url: str) -> date | None:
    """A date in an address: /2023/11/20/, /2023/nov/20/, 20231120, november-20-2023."""
    match = re.search(r"/((?:19|20)\d{2})[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})(?=[/-]|$)", url, re.I)
    if match:
        year, month, day = match.groups()
        return parse_day(f"{year}-{month}-{day}" if month.isdigit() else f"{day} {month} {year}")
    return parse_day(re.sub(r"[^\w]|_", " ", url))


def _implied(text: str) -> date | None:
    """The day that the lead says was just now: "said on Monday, November 20", in the year that weekday fits."""
    years = [one.day.year for one in find_days(text)] or [int(year) for year in _YEAR.findall(text)]
    if not years:
        return None
    for match in sorted(_yearless(text[:LEAD]), key=lambda found: found.start()):
        day = _fitting(match, max(years))
        if day and _reported(text, match.start(), match.end()):
            return day
    return None


def _reported(text: str, begin: int, end: int) -> bool:
    """Does the sentence around a date report what was said or done, not what is to come?"""
    before = re.split(r"[.!?]\s|\n", text[:begin])[-1]
    after = re.split(r"[.!?](?:\s|$)|\n", text[end:])[0]
    return bool(_REPORT.search(before + after)) and not _AHEAD.search(before + after)


def _yearless(text: str) -> Iterator[re.Match[str]]:
    for pattern in YEARLESS:
        yield from pattern.finditer(text)


def _fitting(match: re.Match[str], year: int) -> date | None:
    """The date in that year, the next or the last whose weekday is the one written: never more than one."""
    for candidate in (year, year + 1, year - 1):
        try:
            day = date(candidate, _month(match["month"]), int(match["day"]))
        except ValueError:
            continue
        if WEEKDAYS[day.weekday()] == match["weekday"].lower():
            return day
    return None
