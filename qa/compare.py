"""Do independent sources agree? Values are compared after normalising numbers, names and dates."""

import re

from qa.question import Asked
from qa.when import MONTHS, WEEKDAYS
from qa.words import content, fold, numbers, stem, words, years

CALENDAR = set(MONTHS) | set(WEEKDAYS)


def same(one: str, other: str) -> bool:
    """Whether two spans state one value: equal numbers, or one's words within the other's."""
    ours, theirs = numbers(one), numbers(other)
    if ours and theirs:
        return set(ours) == set(theirs) or set(ours) <= set(theirs) or set(theirs) <= set(ours)
    mine, others = _key(one), _key(other)
    return bool(mine and others) and (mine <= others or others <= mine)


def differ(asked: Asked, one: str, other: str) -> bool:
    """Whether two spans give different values of the same thing: numbers of one unit, or years; never words alone."""
    if same(one, other):
        return False
    if asked.expects == "number":
        return bool(numbers(one)) and bool(numbers(other)) and bool(_units(one) & _units(other))
    if asked.expects == "time":
        return bool(years(one)) and bool(years(other)) and not set(years(one)) & set(years(other))
    return False


def _key(span: str) -> set[str]:
    return set(content(span)) or {fold(word) for word in words(span)}


def _units(span: str) -> set[str]:
    """Stems of the nouns a number counts: "1,000 containers of munitions" -> {"container", "munition"}."""
    counted = re.sub(r"[\d.,]+", " ", span)
    return {stem(word) for word in content(counted) if word not in CALENDAR}
