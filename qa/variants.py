"""One way of writing for what has several, before values are compared: "$940m", "a third", "half past six", "Mike"."""

import re

from qa.words import SCALES, UNITS, numbers

COUNT = rf"(?:\d+|{'|'.join(UNITS)}|an?)"
SPAN_OF_TIME = r"(?:second|minute|hour|day|week|fortnight|month|year|decade|century)"
SUFFIXES = {"k": "thousand", "m": "million", "mn": "million", "b": "billion", "bn": "billion", "tn": "trillion"}
SUFFIX = re.compile(r"(?<=\d)\s?(k|mn|bn|tn)\b|((?<=\d)[mb])\b", re.IGNORECASE)  # the second only of money: "100m" runs
PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
PART = rf"(?:({COUNT})[ -])?({'|'.join(PARTS)})s?"
PART_OF = re.compile(
    rf"\b{PART}(?: of |(?:(?<=half)|(?<=\bquarter))[ -])(?:an? )?"
    rf"(hundred|thousand|million|billion|dozen|{SPAN_OF_TIME}|mile|dollar)s?\b",
    re.IGNORECASE,
)
SHARE = re.compile(rf"\b{PART}\b(?! past)(?=\W*$|\W* of\b)", re.IGNORECASE)
RATIO = re.compile(rf"\b({COUNT}) (?:in|out of)(?: every)? ({'|'.join(UNITS)}|\d+)\b", re.IGNORECASE)
ROUND = (2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 100)  # of how many a share is told: "16 out of 53" is none
AND_HALF = re.compile(
    rf"\b({COUNT})(?: ({SPAN_OF_TIME}|mile|{'|'.join(SCALES)}))? and a half\b(?! past)", re.IGNORECASE
)
ONE = re.compile(rf"\ban? (?={SPAN_OF_TIME},? (?:and )?(?:\d|{COUNT}\b))", re.IGNORECASE)
LONE = re.compile(
    rf"^((?:about|around|nearly|almost|over|under|roughly|at least|(?:more|less) than) )?an? (?={SPAN_OF_TIME}\b)",
    re.IGNORECASE,
)

DAYS = {
    "christmas day": "December 25", "christmas eve": "December 24", "boxing day": "December 26",
    "new year's eve": "December 31", "new year's day": "January 1", "independence day": "July 4",
    "fourth of july": "July 4", "halloween": "October 31", "valentine's day": "February 14",
    "st. patrick's day": "March 17", "veterans day": "November 11", "juneteenth": "June 19",
}  # fmt: skip
DAY = re.compile(rf"\b(?:{'|'.join(map(re.escape, DAYS))})\b".replace("'", "['’]"), re.IGNORECASE)
HOURS = {word: value for word, value in UNITS.items() if 1 <= value <= 12}
HOUR = rf"({'|'.join(HOURS)}|\d{{1,2}})"
PAST = re.compile(
    rf"\b(?:a )?(half|quarter|five|ten|twenty|twenty-five|\d{{1,2}})(?: minutes)? (past|after|to|before) {HOUR}\b(?!:)",
    re.IGNORECASE,
)
SPELT_HOUR = re.compile(
    rf"\b({'|'.join(HOURS)})(?=\s(?:o['’]clock|in the (?:morning|afternoon|evening)|at night|[ap]\.?m)\b)",
    re.IGNORECASE,
)
DOTTED = re.compile(r"\b(\d{1,2})\.(\d\d)(?=\s?[ap]\.?m\b)", re.IGNORECASE)

# The first of a line stands for all of it.
NAMES = """
william bill billy will
robert bob bobby rob
joseph joe joey
michael mike mick
christopher chris
elizabeth liz beth
thomas tom tommy
james jim jimmy
john johnny
daniel dan danny
david dave
edward ed eddie
andrew andy drew
anthony tony
benjamin ben
charles charlie chuck
donald don
gregory greg
jeffrey jeff
kenneth ken kenny
matthew matt
nicholas nick
patrick pat
peter pete
richard rick dick
ronald ron
samuel sam
stephen steven steve
timothy tim
katherine catherine kate kathy
deborah debra debbie
jennifer jen jenny
margaret maggie peggy
susan sue
victoria vicky
alexander alex
saint st
fort ft
mount mt
uk britain
us usa america
netherlands holland
kyiv kiev
turkey turkiye
mumbai bombay
czechia czech
"""
CALLED = {other: first for first, *others in map(str.split, NAMES.strip().split("\n")) for other in others}
FIRMS = frozenset("co inc corp ltd llc plc ag gmbh company corporation".split())
STATES = {
    "Ala": "Alabama", "Ariz": "Arizona", "Ark": "Arkansas", "Calif": "California", "Colo": "Colorado",
    "Conn": "Connecticut", "Del": "Delaware", "Fla": "Florida", "Ga": "Georgia", "Ill": "Illinois", "Ind": "Indiana",
    "Kan": "Kansas", "Ky": "Kentucky", "La": "Louisiana", "Md": "Maryland", "Mass": "Massachusetts",
    "Mich": "Michigan", "Minn": "Minnesota", "Miss": "Mississippi", "Mo": "Missouri", "Mont": "Montana",
    "Neb": "Nebraska", "Nev": "Nevada", "N.H": "New Hampshire", "N.J": "New Jersey", "N.M": "New Mexico",
    "N.Y": "New York", "N.C": "North Carolina", "N.D": "North Dakota", "Okla": "Oklahoma", "Ore": "Oregon",
    "Pa": "Pennsylvania", "R.I": "Rhode Island", "S.C": "South Carolina", "S.D": "South Dakota", "Tenn": "Tennessee",
    "Tex": "Texas", "Vt": "Vermont", "Va": "Virginia", "Wash": "Washington", "W.Va": "West Virginia",
    "Wis": "Wisconsin", "Wyo": "Wyoming",
}  # fmt: skip
STATE = re.compile(rf"(?<=, )({'|'.join(map(re.escape, STATES))})\.?(?=$|,)")
INITIALS = re.compile(r"\b([A-Z]\.) (?=[A-Z]\.)")


def plain_number(text: str, money: bool = False) -> str:
    """A span with its numbers in digits, percent and units; `money` says that a sign of money stands before it."""
    money = money or bool(re.search(r"[$€£¥]", text))
    text = SUFFIX.sub(lambda match: _suffix(match, money), text)
    text = AND_HALF.sub(lambda match: f"{_count(match[1]) + 0.5:g} {match[2] or ''}".rstrip(), text)
    text = PART_OF.sub(lambda match: f"{part:g} {match[3]}" if (part := _part(match)) else match[0], text)
    text = SHARE.sub(lambda match: f"{100 * part:.4g}%" if (part := _part(match)) else match[0], text)
    return LONE.sub(r"\g<1>1 ", ONE.sub("1 ", RATIO.sub(_ratio, text)))


def plain_time(text: str) -> str:
    """A span with hours in digits, "6:30 in the evening" for "half past six in the evening", and feasts as days."""
    text = DAY.sub(lambda match: DAYS[match[0].lower().replace("’", "'")], text)
    text = PAST.sub(_past, re.sub(r"\bmidday\b", "noon", text, flags=re.IGNORECASE))
    return DOTTED.sub(r"\1:\2", SPELT_HOUR.sub(lambda match: str(HOURS[match[1].lower()]), text))


def plain_name(text: str) -> str:
    """A span with the state behind a comma written out and initials together: "Bend, Ore." -> "Bend, Oregon"."""
    text = re.sub(r"\b(?:Great Britain|United Kingdom)\b", "Britain", re.sub(r"\bUnited States\b", "America", text))
    return STATE.sub(lambda match: STATES[match[1]], INITIALS.sub(r"\1", text))


def called(folded: frozenset[str]) -> frozenset[str]:
    """The folded words of a name, "mike" as "michael", and without "Co." where others are left."""
    found = frozenset(CALLED.get(word, word).removesuffix(".com") for word in folded)
    return found - FIRMS or found


def _suffix(match: re.Match[str], money: bool) -> str:
    letter = (match[1] or match[2]).lower()
    return f" {SUFFIXES[letter]}" if match[1] or money else match[0]


def _count(word: str | None) -> float:
    return (numbers(word or "") or [1.0])[0]


def _part(match: re.Match[str]) -> float:
    """ "three quarters" -> 0.75; 0 for "third" alone, which is the one after the second."""
    by_itself = not match[1] and not match[2].lower().startswith("hal")
    return 0.0 if by_itself else _count(match[1]) / PARTS[match[2].lower()]


def _ratio(match: re.Match[str]) -> str:
    of = _count(match[2])
    return f"{100 * _count(match[1]) / of:.4g}%" if of in ROUND and _count(match[1]) <= of else match[0]


def _past(match: re.Match[str]) -> str:
    minutes = {"half": 30, "quarter": 15}.get(match[1].lower()) or int(_count(match[1]))
    hour = int(_count(match[3]))
    if match[2].lower() in ("past", "after"):
        return f"{hour}:{minutes:02}"
    return f"{(hour - 2) % 12 + 1}:{60 - minutes:02}"
