"""Do two sources give the same value? Numbers with their units, times and names, compared after normalising."""

import math
import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import product

from qa.quantity import ANYBODY, FIGURE, VAGUELY, Quantity, gives, quantities, sort_of, wanted
from qa.question import Asked
from qa.variants import called, plain_name, plain_time
from qa.when import Moment, moment
from qa.words import COUNTRY, STOP, fold, name_runs, unify, words

LONG = 5  # words of content from which a phrase is no name of anything: phrases differ without contradicting each other
SAME, DIFFER, APART = "same", "differ", "apart"  # apart: not values of one thing, so neither of the others
RESPELT, ALIKE = 5, 0.8  # letters from which names may be spelt in two ways, and the share of them that is then alike
EXACT_UNDER = 1000  # a smaller figure is meant to the unit, unless its source says "about"
CLOSE = 0.05  # of a figure: how far from it another is that it bounds, "just over"
ORDERS = 2.0  # powers of ten beyond which it does not matter by how much numbers differ
ROUNDED = 0.1  # of a figure: what rounding may take from it, unless its source says "about"

CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?(?P<sharp> o['’]clock)?(?:\s*(?P<half>[ap])\.?m\b"
    r"|\s+in the (?:(?P<early>morning)|(?P<late>afternoon|evening))\b|\s+at (?P<night>night)\b)?",
    re.IGNORECASE,
)
YEARS_AGO = re.compile(r"\byears ago\b", re.IGNORECASE)
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
    ours, theirs = _quantified(one), _quantified(other)
    if ours and theirs and (expects == "number" or _bare(one) or _bare(other)):
        return _numbers(ours, theirs, thing)
    if expects == "number" or bool(ours) != bool(theirs):
        return SAME if fold(one.words) == fold(other.words) else APART
    return _names(one.words, other.words)


def _quantified(value: Value) -> list[Quantity]:
    """The numbers of a value."""
    return quantities(value.words, value.before, value.behind)


def mentions(text: str, value: Value) -> bool:
    """Whether a text gives the first number of a value."""
    return any(gives(text, one) for one in _quantified(value)[:1])


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
    if {one.kind, other.kind} <= {"fahrenheit", "degrees"}:  # the second does not say of which scale
        return abs(one.amount - other.amount) <= max(one.scale, other.scale) / 2
    if one.kind and other.kind and one.kind != other.kind:
        return False
    sorts = {sort_of(one.counted), sort_of(other.counted)} - {""}
    if len(sorts) > 1:
        return False
    if one.kind != other.kind:  # "16-year-old" and "16"
        return one.amount / one.scale == other.amount / other.scale
    return one.amount == other.amount or any(
        _rounds_to(*pair) or _within(*pair) for pair in ((one, other), (other, one))
    )


def _within(one: Quantity, other: Quantity) -> bool:
    """Whether `other` bounds `one` closely: $63,500 is "just over $63,000", and 4,950 "nearly 5,000"."""
    return bool(other.bound) and 0 <= other.bound * (one.amount - other.amount) <= CLOSE * other.amount


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
    if one.kind and other.kind:
        return one.kind == other.kind
    if one.kind or other.kind:  # "59", of someone "56 years old"
        return "duration" in (one.kind, other.kind) and not (one.counted or other.counted)
    if one.counted & other.counted or not one.counted or not other.counted:
        return True
    ours, theirs = sort_of(one.counted), sort_of(other.counted)
    named = bool(thing & one.counted) + bool(thing & other.counted)
    if ours == theirs == "people":
        return named != 1 or bool(thing & ANYBODY) or not (one.counted | other.counted) & ANYBODY
    return named == 2 or (not (ours and theirs) and (named == 1 or not thing))


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
    ago = YEARS_AGO.search(f"{one.words} | {other.words}")
    if ago and ours.year and theirs.year and abs(ours.year - theirs.year) == 1:
        return SAME  # "three years ago" is in part of the year before that
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


def same_grain(one: Value, other: Value) -> bool:
    """Whether two times are told alike, by day, month or year; True where either is no time."""
    ours, theirs = _moment(one), _moment(other)
    if ours is None or theirs is None:
        return True
    return [part is None for part in ours.parts] == [part is None for part in theirs.parts]


def orders_apart(one: Value, other: Value) -> float:
    """Powers of ten between the first numbers of two values, at most ORDERS; 0.0 where either has none."""
    ours, theirs = _quantified(one)[:1], _quantified(other)[:1]
    if not ours or not theirs or min(ours[0].amount, theirs[0].amount) <= 0:
        return 0.0
    return min(ORDERS, abs(math.log10(ours[0].amount / theirs[0].amount)))


def instant(value: Value) -> date | None:
    """The first day of the time that a span tells; None if it tells no year."""
    told = _moment(value)
    return date(told.year, told.month or 1, told.day or 1) if told and told.year else None


def _moment(value: Value) -> Moment | None:
    return moment(plain_time(value.words), value.day, value.before, value.behind)


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
    if _respelt(ours, theirs):
        return APART
    wide, narrow = unify(sorted(ours)), unify(sorted(theirs))
    if _one_exchanged(one, other):
        return DIFFER
    if 2 * len(ours & theirs) > min(len(ours), len(theirs)) or (not ours & theirs and wide & narrow):
        return APART  # "Far East spaceport" and "Russian Far East"; but "Hunter Biden" is not "Joe Biden"
    return DIFFER


def _respelt(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether names may be one name spelt in two ways: "Lesbos" and "Lesvos"."""
    fewer, more = sorted((ours - theirs, theirs - ours), key=len)
    if ours & theirs and fewer and all(any(_may_be(word, each) for each in more) for word in fewer):
        return True  # "Sergei Cherkasov" or "S. Cherkasov", and "Sergey Vladimirovich Cherkasov"
    return _may_be(" ".join(sorted(fewer)), " ".join(sorted(more)))


def _may_be(one: str, other: str) -> bool:
    if min(len(one), len(other)) == 1:
        return one[:1] == other[:1]
    if one[:1] != other[:1] or min(len(one), len(other)) < RESPELT or abs(len(one) - len(other)) > 1:
        return False
    return SequenceMatcher(None, one, other).ratio() >= ALIKE


def _one_exchanged(one: str, other: str) -> bool:
    """Whether names differ in one word of several, each time in the same place: two committees of the Senate."""
    pairs = list(zip(words(one), words(other), strict=False))
    changed = [pair for pair in pairs if fold(pair[0]) != fold(pair[1])]
    same_length = len(words(one)) == len(words(other)) > 2
    return same_length and len(changed) == 1 and all(word[0].isupper() for word in changed[0])


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
