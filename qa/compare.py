"""Do two sources give the same value? Numbers with their units, times and names, compared after normalising."""

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise, product

from qa.question import Asked
from qa.variants import called, plain_name, plain_number, plain_time
from qa.when import Moment, moment
from qa.words import COUNTRY, STOP, content, fold, name_runs, numbers, stem, unify, vocabulary, words

LONG = 5  # words of content from which a phrase is no name of anything: phrases differ without contradicting each other
SAME, DIFFER, APART = "same", "differ", "apart"  # apart: not values of one thing, so neither of the others
TELLING = 10  # smaller numbers stand in a text by chance
EXACT_UNDER = 1000  # a smaller figure is meant to the unit, unless its source says "about"
ROUNDED = 0.1  # of a figure: what rounding may take from it, unless its source says "about"

# What a number counts, as it is written: a kind of quantity, and how many of the kind's base it is.
MEASURES: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("mile", "miles"), ("length", 1609.3)),
    **dict.fromkeys(("km", "kilometer", "kilometers", "kilometre", "kilometres"), ("length", 1000.0)),
    **dict.fromkeys(("m", "meter", "meters", "metre", "metres"), ("length", 1.0)),
    **dict.fromkeys(("ft", "foot", "feet"), ("length", 0.3048)),
    **dict.fromkeys(("inch", "inches"), ("length", 0.0254)),
    **dict.fromkeys(("cm", "centimeters", "centimetres"), ("length", 0.01)),
    **dict.fromkeys(("kg", "kilogram", "kilograms", "kilos"), ("mass", 1.0)),
    **dict.fromkeys(("ton", "tons", "tonne", "tonnes"), ("mass", 1000.0)),
    **dict.fromkeys(("acre", "acres"), ("area", 0.4047)),
    **dict.fromkeys(("hectare", "hectares"), ("area", 1.0)),
    **dict.fromkeys(("gallon", "gallons"), ("volume", 3.785)),
    **dict.fromkeys(("liter", "liters", "litre", "litres"), ("volume", 1.0)),
    **dict.fromkeys(("second", "seconds"), ("duration", 1 / 60)),
    **dict.fromkeys(("minute", "minutes"), ("duration", 1.0)),
    **dict.fromkeys(("hour", "hours"), ("duration", 60.0)),
    **dict.fromkeys(("day", "days"), ("duration", 1440.0)),
    **dict.fromkeys(("week", "weeks"), ("duration", 10080.0)),
    **dict.fromkeys(("month", "months"), ("duration", 43830.0)),
    **dict.fromkeys(("fortnight", "fortnights"), ("duration", 20160.0)),
    **dict.fromkeys(("year", "years"), ("duration", 525960.0)),
    **dict.fromkeys(("decade", "decades"), ("duration", 5259600.0)),
    **dict.fromkeys(("century", "centuries"), ("duration", 52596000.0)),
    **dict.fromkeys(("mph",), ("speed", 1.6093)),
    **dict.fromkeys(("kph", "km/h"), ("speed", 1.0)),
    **dict.fromkeys(("percent", "percentage", "pct"), ("share", 1.0)),
    **dict.fromkeys(("dollar", "dollars", "usd"), ("$", 1.0)),
    **dict.fromkeys(("cent", "cents"), ("$", 0.01)),
    **dict.fromkeys(("euro", "euros", "eur"), ("€", 1.0)),
    **dict.fromkeys(("pound", "pounds", "gbp"), ("£", 1.0)),
    **dict.fromkeys(("yen",), ("¥", 1.0)),
}


def _stems(nouns: str) -> frozenset[str]:
    """Stems of nouns and of their plurals: "car" and "cars" have two."""
    return frozenset(stem(form) for noun in nouns.split() for form in (noun, f"{noun}s"))


PEOPLE = _stems(
    "people person man men woman women child children kid adult resident passenger soldier troop officer "
    "inmate prisoner student victim civilian worker employee protester migrant refugee patient fighter dead injured "
    "wounded death fatality killed casualty camper counselor viewer user voter guest visitor tourist customer fan "
    "member driver parent teacher player athlete runner shopper traveler juror owner american doctor"
)
ANYBODY = frozenset({stem("people"), stem("person")})  # "90 people" are not the "27 campers" asked for
THINGS = _stems(
    "store restaurant truck truckload ship warship strike shell container missile meal apartment "
    "house home school song film goal nomination airport vehicle car plane village city state country"
)
COUNTED = re.compile(
    r"\bhow many ((?:[\w'’-]+ ){0,3}?[\w'’-]+)"
    r"(?= (?:\w+ed|\w+en|are|is|was|were|will|did|do|does|has|have|had|can|of|in|to|for|on|at)\b|\?|$)",
    re.IGNORECASE,
)
SIGN = re.compile(r"[$€£¥](?=\s?\d)")
FIGURE = re.compile(
    r"\d[\d.,]*\d|\d|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety|hundreds?|dozens?|thousands?|millions?|billions?|half)\b",
    re.IGNORECASE,
)
JOINT = re.compile(r"\s*(?:minute|hour|day|week|month|year|f[eo]+t)s?,?(?: and)?\s*", re.IGNORECASE)
SPEED = re.compile(r"\s*(?:(miles)|k(?:m|ilomet(?:er|re)s)) (?:per|an) hour\b", re.IGNORECASE)
VAGUELY = re.compile(
    r"\b(?:about|around|some|roughly|nearly|almost|approximately|estimated|more than|over|at least|at most|up to|under|"
    r"fewer than|less than|just|close to|as many as|an estimated)\b",
    re.IGNORECASE,
)
CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?(?P<sharp> o['’]clock)?(?:\s*(?P<half>[ap])\.?m\b"
    r"|\s+in the (?:(?P<early>morning)|(?P<late>afternoon|evening))\b|\s+at (?P<night>night)\b)?",
    re.IGNORECASE,
)
LEADING = re.compile(rf"(?:[\W_]|{VAGUELY.pattern}\s)*(?:half an? )?(?:{FIGURE.pattern})", re.IGNORECASE)
OFFICES = frozenset(
    "president prime minister chancellor secretary senator representative congressman congresswoman governor general "
    "justice judge king queen prince princess pope mayor coach ceo director foreign defense barrister lawyer".split()
)
TITLES = OFFICES - {"foreign", "defense"} | frozenset(
    "mr mrs ms miss dr sir dame lord lady sen rep gov gen colonel col captain capt chief executive former then acting "
    "vice deputy leader star actor actress singer director-general professor prof lt sgt the".split()
)
ROLES = OFFICES | TITLES | frozenset("presidential official officials spokesman spokeswoman spokesperson".split())


@dataclass(frozen=True, slots=True)
class Value:
    """A span with what is needed to compare it."""

    words: str  # the span
    before: str = ""  # the words of its sentence before it
    behind: str = ""  # and after it
    day: date | None = None  # when its article was published


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number as a text gives it, in the base of its kind."""

    amount: float
    kind: str  # "length", "$", ...; "" for a count
    vague: bool  # "about", "more than"
    counted: frozenset[str]  # stems of the nouns behind a count
    scale: float = 1.0  # how many of the base its unit is


def same(one: str, other: str) -> bool:
    """Whether two spans, by themselves, state one value."""
    return relation("any", Value(one), Value(other)) == SAME


def compare(asked: Asked, one: Value, other: Value) -> str:
    """SAME, DIFFER or APART: what two spans that answer one question are to each other."""
    return relation(asked.expects, one, other, wanted(asked.text))


def relation(expects: str, one: Value, other: Value, thing: frozenset[str] = frozenset()) -> str:
    """SAME, DIFFER or APART, for a kind of answer (Asked.expects); `thing` holds stems of what is counted."""
    if expects == "time":
        return _times(one, other)
    ours, theirs = quantities(one), quantities(other)
    if ours and theirs and (expects == "number" or _bare(one) or _bare(other)):
        return _numbers(ours, theirs, thing)
    if expects == "number" or bool(ours) != bool(theirs):
        return SAME if fold(one.words) == fold(other.words) else APART
    return _names(one.words, other.words)


def wanted(question: str) -> frozenset[str]:
    """Stems of what a question counts: "How many US troops will go?" -> {"us", "troop"}."""
    match = COUNTED.search(question)
    return frozenset(content(match[1])) if match else frozenset()


def counts_another(question: str, sentence: str) -> bool:
    """Whether a sentence that never names what a question counts counts another thing: containers, not shells.

    People go by many names: no soldiers are counted where no people of any kind are named.
    """
    thing = wanted(question) & (THINGS | PEOPLE)
    if not thing or (PEOPLE if thing & PEOPLE else thing) & vocabulary(sentence):
        return False
    return any(one.counted & THINGS for one in quantities(Value(sentence)))


def quantities(value: Value) -> list[Quantity]:
    """The numbers of a span, each with its unit; a time is no quantity."""
    said = plain_number(value.words, bool(re.search(r"[$€£¥]\s?$", value.before)))
    matches = _figures(said)
    found: list[Quantity] = []
    for place, (start, end) in enumerate(matches):
        stop = matches[place + 1][0] if place + 1 < len(matches) else len(said)
        amounts = numbers(said[start:end])
        if not amounts:
            continue
        lead = f"{value.before} {said[:start]}" if place == 0 else said[matches[place - 1][1] : start]
        tail = said[end:stop] if place + 1 < len(matches) else f"{said[end:]} {value.behind}"
        falling = all(one > other for one, other in pairwise(amounts))  # "one hundred" and "twenty-one"
        told = _quantity(sum(amounts) if falling else amounts[0], lead, tail)
        if found and told.kind == found[-1].kind and told.scale < found[-1].scale and JOINT.fullmatch(lead):
            told = replace(told, amount=found.pop().amount + told.amount)
        found.append(told)
    return found


def mentions(text: str, value: Value) -> bool:
    """Whether a text gives the very first number of a value: one of TELLING or more, or one of the same thing."""
    told = quantities(value)[:1]
    found = quantities(Value(re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text))) if told else []
    return any(
        one.amount == told[0].amount
        and one.kind == told[0].kind
        and (one.amount >= TELLING or bool(one.kind or one.counted & told[0].counted))
        for one in found
    )


def _figures(text: str) -> list[tuple[int, int]]:
    """Where numbers stand, "two hundred" and "3.4 million" as one each, "216-210" as two."""
    runs: list[tuple[int, int]] = []
    for match in FIGURE.finditer(text):
        gap = text[runs[-1][1] : match.start()] if runs else "x"
        joins = runs and (gap in (" ", " and ") or (gap == "-" and not match[0][0].isdigit()))
        if joins and not (match[0][0].isdigit() and text[runs[-1][1] - 1].isdigit()):
            runs[-1] = (runs[-1][0], match.end())
        else:
            runs.append((match.start(), match.end()))
    return runs


def _quantity(amount: float, lead: str, tail: str) -> Quantity:
    near = " ".join(lead.split()[-3:])
    vague = bool(VAGUELY.search(near))
    sign = SIGN.search(f"{lead[-2:].strip()[-1:]}1") if lead.strip() else None
    clause = re.split(r"[.,;:!?)\]–—]", tail.strip(), maxsplit=1)[0]
    if sign:
        return Quantity(amount, sign[0], vague, frozenset())
    if tail.strip().lower().startswith(("%", "per cent")):
        return Quantity(amount, "share", vague, frozenset())
    if speed := SPEED.match(tail):
        return Quantity(amount * (1.6093 if speed[1] else 1.0), "speed", vague, frozenset())
    behind = [fold(word) for word in words(clause)[:4]]
    for word in behind[:2]:
        if word in MEASURES:
            kind, scale = MEASURES[word]
            return Quantity(amount * scale, kind, vague, frozenset(), scale)
    return Quantity(amount, "", vague, frozenset(_nouns(behind)))


def _nouns(behind: list[str]) -> list[str]:
    """Stems of what is counted: from the first word of content to the next without, "of its Pacific stores to" too."""
    kept: list[str] = []
    for word in behind:
        if word not in STOP:
            kept.append(stem(word))
        elif kept:
            break
    return kept


def _bare(value: Value) -> bool:
    """Whether a span begins with a number."""
    return bool(LEADING.match(value.words))


def _numbers(ours: list[Quantity], theirs: list[Quantity], thing: frozenset[str]) -> str:
    """SAME if any two agree; DIFFER if the first of each count one thing."""
    if len(ours) == len(theirs) > 1 and not all(_equal(one, other) for one, other in zip(ours, theirs, strict=True)):
        pairs: list[tuple[Quantity, Quantity]] = [(ours[0], theirs[0])]
    elif any(_equal(one, other) for one, other in product(ours, theirs)):
        return SAME
    else:
        pairs = list(product(ours, theirs))
    return DIFFER if any(_comparable(one, other, thing) for one, other in pairs) else APART


def _equal(one: Quantity, other: Quantity) -> bool:
    if one.kind != other.kind and (other if one.kind else one).counted:
        return False
    if one.kind and other.kind and one.kind != other.kind:
        return False
    sorts = {_sort(one.counted), _sort(other.counted)} - {""}
    if len(sorts) > 1:
        return False
    if one.kind != other.kind:  # "16-year-old" and "16"
        return one.amount / one.scale == other.amount / other.scale
    return one.amount == other.amount or _rounds_to(one, other) or _rounds_to(other, one)


def _rounds_to(one: Quantity, other: Quantity) -> bool:
    """Whether `other` is `one` with fewer digits, in its own unit: 51.27 million is "51 million", and 957,000 "nearly a
    million"; but without such a word 15 is not 20.
    """
    if not other.vague and abs(one.amount - other.amount) > ROUNDED * other.amount:
        return False
    if one.amount == 0 or not (other.vague or other.kind or other.amount >= EXACT_UNDER):
        return False
    ours, theirs = one.amount / other.scale, other.amount / other.scale
    digits = len(f"{theirs:.10g}".replace(".", "").strip("0")) or 1
    return f"{ours:.{digits}g}" == f"{theirs:.{digits}g}"


def _comparable(one: Quantity, other: Quantity, thing: frozenset[str]) -> bool:
    """Whether two unequal quantities are of one thing: a kind of measure, or counts of the same noun."""
    if one.kind or other.kind:
        return one.kind == other.kind
    if one.counted & other.counted or not one.counted or not other.counted:
        return True
    ours, theirs = _sort(one.counted), _sort(other.counted)
    named = bool(thing & one.counted) + bool(thing & other.counted)
    if ours == theirs == "people":
        return named != 1 or not (one.counted | other.counted) & ANYBODY
    return named == 2 or (not (ours and theirs) and (named == 1 or not thing))


def _sort(counted: frozenset[str]) -> str:
    """Whether nouns are people or things; "" if neither is known."""
    return "people" if counted & PEOPLE else "things" if counted & THINGS else ""


def _times(one: Value, other: Value) -> str:
    ours, theirs = _moment(one), _moment(other)
    early, late = _clock(one), _clock(other)
    if early and late and (ours is None or theirs is None or ours == theirs):
        turn = 1440 if early[1] and late[1] else 720  # "8:45" may be that of the evening
        return SAME if early[0] % turn == late[0] % turn else DIFFER
    if ours is None or theirs is None:
        return SAME if fold(one.words) == fold(other.words) else APART
    shared = [(a, b) for a, b in zip(ours.parts, theirs.parts, strict=True) if a is not None and b is not None]
    if not shared:
        return APART
    return SAME if all(a == b for a, b in shared) else DIFFER


def _clock(value: Value) -> tuple[int, bool] | None:
    """Minutes after midnight of a time of day, and whether its half of the day is known; None where there is none."""
    said = plain_time(value.words)
    for match in CLOCK.finditer(f"{said} {value.behind}"):
        half = (
            (match["half"] or "").lower() or "a" * bool(match["early"]) or "p" * bool(match["late"] or match["night"])
        )
        if match.start() < len(said) and (match["minute"] or match["sharp"] or half):
            hour, minute = int(match["hour"]), int(match["minute"] or 0)
            known = bool(half) or hour > 12
            hour = hour % 12 + 12 * (half == "p") if half else hour
            return (hour * 60 + minute, known) if hour < 24 and minute < 60 else None
    named = re.search(r"\b(noon|midnight)\b", said, re.IGNORECASE)
    return None if named is None else (720 * (named[1].lower() == "noon"), True)


def instant(value: Value) -> date | None:
    """The first day of the time that a span tells; None if it tells no year."""
    told = _moment(value)
    return date(told.year, told.month or 1, told.day or 1) if told and told.year else None


def _moment(value: Value) -> Moment | None:
    return moment(plain_time(value.words), value.day, value.before)


def _names(one: str, other: str) -> str:
    """SAME if one's words are within the other's; DIFFER for two that share at most half of their words."""
    one, other = plain_name(one), plain_name(other)
    ours, theirs = called(key(one)), called(key(other))
    if not ours or not theirs:
        return APART
    if ours <= theirs or theirs <= ours or _initials(one) in theirs or _initials(other) in ours:
        return SAME
    if bool(name_runs(one)) != bool(name_runs(other)) or _is_role(ours) != _is_role(theirs):
        return APART
    if max(len(ours), len(theirs)) >= LONG and not (name_runs(one) and name_runs(other)):
        return APART
    wide, narrow = unify(sorted(ours)), unify(sorted(theirs))
    if 2 * len(ours & theirs) > min(len(ours), len(theirs)) or (not ours & theirs and wide & narrow):
        return APART  # "Far East spaceport" and "Russian Far East"; but "Hunter Biden" is not "Joe Biden"
    return DIFFER


def key(span: str) -> frozenset[str]:
    """A name's or phrase's words without titles and fillers, folded; what two spellings of one name share."""
    plain = re.sub(r"^[\w.]+['’]s (?=[A-Z])|['’]s\b", "", span)
    told = [fold(word).rstrip(".") for word in words(plain)]
    bare = frozenset(word for word in told if word not in TITLES | STOP)
    return frozenset(told) - STOP if bare and bare <= COUNTRY.keys() else bare or frozenset(told)


def _is_role(key: frozenset[str]) -> bool:
    """Whether a name is an office, "the French president", and not its holder's."""
    return bool(key & ROLES) and key <= ROLES | COUNTRY.keys()


def _initials(span: str) -> str:
    """ "North Atlantic Treaty Organization" -> "nato"; "" for fewer than three words."""
    first = [word[0] for word in words(span) if word[0].isupper()]
    return fold("".join(first)) if len(first) > 2 else ""
