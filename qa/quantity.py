"""The numbers of a text with what they count: "16.5 tons", "$1.2 million", "1 minute 40 seconds", "27 campers"."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, takewhile

from qa.variants import plain_number
from qa.words import STOP, content, fold, numbers, stem, vocabulary, words

TELLING = 10  # smaller numbers stand in a text by chance

CELSIUS, FREEZING = 1.8, 32.0  # degrees Fahrenheit to one Celsius, and at which water freezes
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
    **dict.fromkeys(("degree", "degrees"), ("degrees", 1.0)),
    **dict.fromkeys(("percent", "percentage", "pct"), ("share", 1.0)),
    **dict.fromkeys(("dollar", "dollars", "usd"), ("$", 1.0)),
    **dict.fromkeys(("cent", "cents"), ("$", 0.01)),
    **dict.fromkeys(("euro", "euros", "eur"), ("€", 1.0)),
    **dict.fromkeys(("pound", "pounds", "gbp"), ("£", 1.0)),
    **dict.fromkeys(("pence",), ("£", 0.01)),
    **dict.fromkeys(("yen",), ("¥", 1.0)),
}


PLURALS = {"foot": "feet", "man": "men", "woman": "women", "child": "children", "person": "people", "story": "stories"}


def _stems(nouns: str) -> frozenset[str]:
    """Stems of nouns and of their plurals: "car" and "cars" have two, "city" and "cities"."""
    forms = ((noun, f"{noun}s", f"{noun[:-1]}ies", PLURALS.get(noun, noun)) for noun in nouns.split())
    return frozenset(stem(form) for each in forms for form in each)


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
DESCRIBES = re.compile(r"-([a-z]+)\b")  # right behind a number
SAYS_NOTHING = _stems("to plus odd some strong person man woman nation")  # "a 5,000-strong force"
NOUNS = re.compile(r"(?: [a-z][\w'’-]*){1,3}")  # in small letters, right behind a number
SIGN = re.compile(r"[$€£¥](?=\s?\d)")
FIGURE = re.compile(
    r"\d[\d.,]*\d|\d|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety|hundreds?|dozens?|thousands?|millions?|billions?|half)\b",
    re.IGNORECASE,
)
JOINT = re.compile(r"\s*(?:minute|hour|day|week|month|year|f[eo]+t|dollar|euro|pound)s?,?(?: and)?\s*", re.IGNORECASE)
SPEED = re.compile(r"\s*(?:(miles)|k(?:m|ilomet(?:er|re)s)) (?:per|an) hour\b", re.IGNORECASE)
DEGREES = re.compile(r"\s*(?:degrees\s+|°\s?)([CF])(?:elsius|ahrenheit)?\b", re.IGNORECASE)
OVER = re.compile(r"\b(?:(?:more|greater|higher|longer) than|over|at least|upwards of)\b", re.IGNORECASE)
UNDER = re.compile(
    r"\b(?:(?:less|fewer|lower|shorter) than|under|nearly|almost|up to|at most|close to|as many as)\b", re.IGNORECASE
)
VAGUELY = re.compile(
    r"\b(?:about|around|some|roughly|nearly|almost|approximately|estimated|more than|over|at least|at most|up to|under|"
    r"fewer than|less than|just|close to|as many as|an estimated)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number as a text gives it, in the base of its kind."""

    amount: float
    kind: str  # "length", "$", ...; "" for a count
    vague: bool  # "about", "more than"
    counted: frozenset[str]  # stems of the nouns behind a count
    scale: float = 1.0  # how many of the base its unit is
    bound: int = 0  # 1 for "more than", -1 for "nearly"


def quantities(span: str, before: str = "", behind: str = "") -> list[Quantity]:
    """The numbers of a span, each with its unit, which may stand in the words around it; a time is no quantity."""
    said = plain_number(span, bool(re.search(r"[$€£¥]\s?$", before)))
    matches = _figures(said)
    found: list[Quantity] = []
    for place, (start, end) in enumerate(matches):
        stop = matches[place + 1][0] if place + 1 < len(matches) else len(said)
        amounts = numbers(said[start:end])
        if not amounts:
            continue
        lead = f"{before} {said[:start]}" if place == 0 else said[matches[place - 1][1] : start]
        tail = said[end:stop] if place + 1 < len(matches) else f"{said[end:]} {behind}"
        falling = all(one > other for one, other in pairwise(amounts))  # "one hundred" and "twenty-one"
        told = replace(_quantity(sum(amounts) if falling else amounts[0], lead, tail), bound=_bound(lead))
        if found and told.kind == found[-1].kind and told.scale < found[-1].scale and JOINT.fullmatch(lead):
            told = replace(told, amount=found.pop().amount + told.amount)
        found.append(told)
    return found


def gives(text: str, value: Quantity) -> bool:
    """Whether a text gives a quantity: its very number, of the same thing where it is under TELLING."""
    return any(
        one.amount == value.amount
        and one.kind == value.kind
        and (one.amount >= TELLING or bool(one.kind or one.counted & value.counted))
        for one in _given(text)
    )


@lru_cache(maxsize=128)
def _given(text: str) -> tuple[Quantity, ...]:
    """The numbers of an article: two are compared again and again for one question."""
    return tuple(quantities(re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text)))


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
    return any(one.counted & THINGS for one in quantities(sentence))


def counts_beside(question: str, behind: str) -> bool:
    """Whether what stands behind a number is a thing that the question names, and not what it counts: "62 cruise ships"
    for "how many cases on the cruise ship"; or what the number only describes: "the 435-member House".
    """
    described, counted = DESCRIBES.match(behind), wanted(question)
    if described and counted:
        own = _stems(described[1])
        return counted.isdisjoint(own) and not (own | counted) <= PEOPLE and not own & SAYS_NOTHING
    near = NOUNS.match(behind)
    nouns = list(takewhile(lambda word: word not in STOP, near.group().split() if near else ()))
    plurals = {stem(word) for word in nouns if word.endswith("s") and not word.endswith("ss")}
    if not plurals or not (thing := wanted(question)) or thing.intersection(map(stem, nouns)):
        return False
    return bool(plurals & (set(content(question)) - thing))


def sort_of(counted: frozenset[str]) -> str:
    """Whether nouns are people or things; "" if neither is known."""
    return "people" if counted & PEOPLE else "things" if counted & THINGS else ""


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
    if scaled := DEGREES.match(tail):
        celsius = scaled[1].upper() == "C"
        amount = amount * CELSIUS + FREEZING if celsius else amount
        return Quantity(amount, "fahrenheit", vague, frozenset(), CELSIUS if celsius else 1.0)
    for word in behind[:2]:
        if word in MEASURES:
            kind, scale = MEASURES[word]
            return Quantity(amount * scale, kind, vague, frozenset(), scale)
    return Quantity(amount, "", vague, frozenset(_nouns(behind)))


def _bound(lead: str) -> int:
    near = " ".join(lead.split()[-3:])
    return int(bool(OVER.search(near))) - int(bool(UNDER.search(near)))


def _nouns(behind: list[str]) -> list[str]:
    """Stems of what is counted: from the first word of content to the next without, "of its Pacific stores to" too."""
    kept: list[str] = []
    for word in behind:
        if word not in STOP:
            kept.append(stem(word))
        elif kept:
            break
    return kept
