"""A claim laid beside the words it most resembles in a text: which names, numbers, dates and negations differ. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from qa.when import MONTHS, WEEKDAYS
from qa.words import SPOKEN, STOP, WORD, fold, negates, numbers, stem, unify

SAYING = frozenset(
    "said says say saying added adds stated states told tells announced wrote according explained noted".split()
)
PRONOUNS = frozenset("he she they it his her him their them its we i our my".split())
SIGNS = {"%": "percent", "$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}
UNITS = frozenset(
    "percent dollar euro pound yen yuan mile kilometre kilometer km metre meter foot feet inch acre hectare ton tonne "
    "kilogram gram ounce litre liter gallon barrel degree celsius fahrenheit second minute hour day week month year "
    "decade century point goal vote seat".split()
)
SHORT = {"jan": "january", "feb": "february", "mar": "march", "apr": "april", "jun": "june", "jul": "july"}
SHORT |= {"aug": "august", "sep": "september", "sept": "september", "oct": "october", "nov": "november"}
SHORT |= {"dec": "december"}
MOST_NEAREST = 3  # sentences that a claim may be put together from
REST = 0.15  # share of a claim's words for which a further sentence is taken
CALENDAR = frozenset(MONTHS) | frozenset(WEEKDAYS)
BOUND = re.compile(r"\bno (?=(?:fewer|less|more|later|earlier|longer) than\b)", re.IGNORECASE)  # a limit, not a denial
TOKEN = re.compile(rf"{WORD.pattern}|[%$€£¥]")
ENDS = re.compile(r"[.!?][\"”’)]*\s+|\n+")
ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Lt|Col|No|vs|Jr|Sr|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)"
    r"|[A-Za-z]\.[A-Za-z])\.$"
)
NUMERAL = re.compile(r"\d[\d,]*(?:\.\d+)?")
DECADE = re.compile(r"\d+s")
SCALED = re.compile(rf"({NUMERAL.pattern}|{DECADE.pattern})(st|nd|rd|th|m|bn|tn)?")
SCALES = {"m": "million", "bn": "billion", "tn": "trillion"}
AMOUNT = frozenset(
    "hundred thousand million billion trillion dozen two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty "
    "ninety".split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a sign of money or percent, or a number of several words; `key` is what two texts are compared by."""

    key: str
    kind: str  # "name", "number", "date", "negation", "word" or "stop"
    word: str  # folded


@dataclass(frozen=True, slots=True)
class Differences:
    """What a claim says otherwise than a text. Shares are 0 to 1, the rest are counts."""

    uncovered: float  # share of the claim's words that the text lacks
    unheld: float  # share that the nearest sentences lack
    numbers_missing: float  # numbers that the text lacks
    numbers_elsewhere: float  # numbers that stand in the text, but not in the nearest sentences
    numbers_moved: float  # numbers of the nearest sentences that stand beside other words there
    names_missing: float  # names that the text lacks
    names_elsewhere: float  # names that stand in the text, but not in the nearest sentences
    names_exchanged: float  # names that stand where the nearest sentences have another name
    names_crossed: float  # pairs of names in the other order
    dates_missing: float  # months and weekdays that the nearest sentences lack
    negations: float  # negations that only one side has, beside words that both have


def differences(claim: str, text: str, told: str = "") -> Differences:
    """What the claim says otherwise; `told` are further words known of the text, as the day it appeared on."""
    near = nearest(claim, text)
    ours, theirs, all_theirs = tokens(claim, text), tokens(near, text), _keys(text, told)
    said = _keys(near, told)
    blocks = SequenceMatcher(None, [one.key for one in ours], [one.key for one in theirs], autojunk=False)
    codes = blocks.get_opcodes()
    plain = [one for one in ours if one.kind != "stop"]
    named = [one for one in plain if one.kind == "name"]
    amounts = [one for one in plain if one.kind == "number"]
    meant = _pronouns(theirs) > _pronouns(ours)  # "he" became a name: it may stand further off
    return Differences(
        uncovered=_share(plain, all_theirs),
        unheld=_share(plain, said),
        numbers_missing=_count(one.key not in all_theirs for one in amounts),
        numbers_elsewhere=_count(one.key in all_theirs and one.key not in said for one in amounts),
        numbers_moved=_moved(ours, theirs, codes),
        names_missing=_count(one.key not in all_theirs for one in named),
        names_elsewhere=_count(one.key in all_theirs and one.key not in said and not meant for one in named),
        names_exchanged=_exchanged(ours, theirs, codes),
        names_crossed=_crossed(ours, theirs),
        dates_missing=_count(one.key not in said for one in plain if one.kind == "date"),
        negations=_negations(ours, theirs, codes),
    )


def nearest(claim: str, text: str) -> str:
    """The sentence of the text that shares most words with the claim, and up to two that hold much of the rest."""
    pieces = sentences(text)
    left = {one.key for one in tokens(claim, text) if one.kind != "stop"}
    held = [{one.key for one in tokens(piece, text)} for piece in pieces]
    whole, chosen = len(left), list[int]()
    while pieces and len(chosen) < MOST_NEAREST:
        best = max(range(len(pieces)), key=lambda at: len(left & held[at]))
        if chosen and len(left & held[best]) < max(2, REST * whole):
            break
        chosen.append(best)
        left -= held[best]
    return " ".join(pieces[at] for at in sorted(chosen))


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, by a quick rule; a full stop after an abbreviation or an initial ends none."""
    found, start = list[str](), 0
    for match in ENDS.finditer(text):
        if "\n" in match.group() or not ABBREVIATED.search(text[start : match.start() + 1]):
            found.append(text[start : match.end()].strip())
            start = match.end()
    found.append(text[start:].strip())
    return tuple(one for one in found if one)


@lru_cache(maxsize=512)
def tokens(piece: str, text: str) -> tuple[Token, ...]:
    """The tokens of a piece of writing; capitals make names, except of words that the text also has without them."""
    lower = _lower(text)
    found: list[Token] = []
    for chunk, starts in _chunks(BOUND.sub("", piece)):
        if DECADE.fullmatch(chunk[0]):
            found.append(Token(chunk[0], "number", chunk[0]))
        elif NUMERAL.match(chunk[0]) or fold(chunk[0]) in AMOUNT:
            found += [Token(f"{value:.15g}", "number", fold(chunk[0])) for value in numbers(" ".join(chunk))]
        else:
            found.append(_token(chunk[0], starts, lower))
            pair = f"{found[-2].word} {found[-1].word}" if len(found) > 1 else ""
            if pair in SPOKEN and chunk[0][0].isupper():  # "United States" is one name, and "US" another of the same
                found[-2:] = [Token(_name(SPOKEN[pair]), "name", SPOKEN[pair])]
    return tuple(found)


def _token(word: str, starts: bool, lower: frozenset[str]) -> Token:
    folded = fold(word)
    if word in SIGNS:
        return Token(stem(SIGNS[word]), "word", SIGNS[word])
    if negates(word):
        return Token("not", "negation", folded)
    if (folded in CALENDAR and (folded not in ("march", "may") or word[0].isupper())) or (
        folded in SHORT and word[0].isupper()
    ):
        return Token(SHORT.get(folded, folded), "date", folded)
    if folded in STOP:
        return Token(folded, "stop", folded)
    if word[0].isupper() and not (folded in lower and starts):
        return Token(_name(folded), "name", folded)
    return Token(stem(word), "word", folded)


def _chunks(piece: str) -> Iterator[tuple[list[str], bool]]:
    """Words one by one, those of one number together, each with whether it may owe its capital to its place."""
    group: list[str] = []
    for match in TOKEN.finditer(piece):
        opening = not piece[: match.start()].rstrip()[-1:].isalnum()
        parts = match.group().split("-")
        for place, word in enumerate(parts):
            amount = _amount(word, bool(group) and len(parts) > 1)
            if group and (not amount or NUMERAL.match(amount[0])):
                yield group, False
                group = []
            group += amount
            if not amount:
                yield [word], opening and place == 0
    if group:
        yield group, False


def _amount(word: str, joined: bool) -> list[str]:
    """The parts of a number that a word is: "21st" is 21, "40m" 40 million, "one" only in "fifty-one"; [] for none."""
    if found := SCALED.fullmatch(word):
        return [found[1], SCALES[found[2]]] if found[2] in SCALES else [found[1]]
    return [word] if fold(word) in AMOUNT or (joined and fold(word) == "one") else []


@lru_cache(maxsize=512)
def _lower(text: str) -> frozenset[str]:
    return frozenset(fold(match.group()) for match in WORD.finditer(text) if match.group()[0].islower())


@lru_cache(maxsize=256)
def _keys(text: str, told: str) -> frozenset[str]:
    """All keys of a text, with the other names of the countries in it."""
    found = [*tokens(text, text), *tokens(told, text)]
    words = [one.word for one in found]
    return frozenset({one.key for one in found} | {stem(word) for word in words} | {_name(one) for one in unify(words)})


def _name(folded: str) -> str:
    return stem(folded)


def _pronouns(found: Sequence[Token]) -> int:
    return sum(one.word in PRONOUNS for one in found)


def _share(plain: Sequence[Token], held: frozenset[str]) -> float:
    words = [one for one in plain if one.kind == "word"]
    return sum(one.key not in held for one in words) / len(words) if words else 0.0


def _count(found: Iterator[bool]) -> float:
    return float(min(3, sum(found)))


Codes = Sequence[tuple[str, int, int, int, int]]


def _exchanged(ours: Sequence[Token], theirs: Sequence[Token], codes: Codes) -> float:
    """Names that stand where the other side has names, none of them the same."""
    count = 0
    for kind, a, b, c, d in codes:
        if kind == "replace":
            here = {one.key for one in ours[a:b] if one.kind == "name"}
            there = {_name(one) for one in unify([one.word for one in theirs[c:d] if one.kind == "name"])}
            count += bool(here and there and not here & there)
    return float(min(3, count))


def _moved(ours: Sequence[Token], theirs: Sequence[Token], codes: Codes) -> float:
    """Numbers that both sides have, but with another unit, or beside none of the same words."""
    loose = [at for kind, a, b, _, _ in codes if kind != "equal" for at in range(a, b) if ours[at].kind == "number"]
    count = 0
    for at, one in enumerate(ours):
        places = [place for place, other in enumerate(theirs) if other.key == one.key and other.kind == "number"]
        if one.kind != "number" or not places:
            continue
        if unit := _unit(ours, at):
            count += not any(unit & _unit(theirs, place) for place in places)
        elif at in loose:
            count += not any(_beside(ours, at) & _beside(theirs, place) for place in places)
    return float(min(3, count))


def _unit(found: Sequence[Token], at: int) -> set[str]:
    """The measures right before and behind a number, in the singular."""
    words = [one.word for one in (*found[max(0, at - 1) : at], *found[at + 1 : at + 2])]
    return {word if word in UNITS else word[:-1] for word in words} & UNITS


def _beside(found: Sequence[Token], at: int) -> set[str]:
    """The two words on either side of a place, function words not counted."""
    before = [one.key for one in found[max(0, at - 6) : at] if one.kind != "stop"]
    after = [one.key for one in found[at + 1 : at + 7] if one.kind != "stop"]
    return {*before[-2:], *after[:2]}


def _crossed(ours: Sequence[Token], theirs: Sequence[Token]) -> float:
    """Pairs of names, one each side of some word, that the other side only has in the other order."""
    first, second = _runs(ours), _runs(theirs)
    count = 0
    for here, (name, at) in enumerate(first):
        for other, place in first[here + 1 :]:
            mine = [spot for key, spot in second if key & name]
            others = [spot for key, spot in second if key & other]
            if name & other or not mine or not others or min(mine) < max(others):
                continue
            if _listed(ours, at, place) or _spoken(ours, theirs, at, mine) or _spoken(ours, theirs, place, others):
                continue
            count += 1
    return float(min(3, count))


def _runs(found: Sequence[Token]) -> list[tuple[set[str], int]]:
    """Names with their neighbours, and where each begins."""
    runs: list[tuple[set[str], int]] = []
    before = -2
    for at, one in enumerate(found):
        if one.kind == "name":
            if at == before + 1:
                runs[-1][0].add(one.key)
            else:
                runs.append(({one.key}, at))
            before = at
    return runs


def _listed(found: Sequence[Token], one: int, other: int) -> bool:
    """Whether nothing but names and "and" stands between: "Macron and Xi" says what "Xi and Macron" does."""
    between = found[one + 1 : other]
    return any(word.word in ("and", "or") for word in between) and all(
        word.kind == "name" or word.word in ("and", "or") for word in between
    )


def _spoken(ours: Sequence[Token], theirs: Sequence[Token], at: int, places: Sequence[int]) -> bool:
    """Whether both sides have the name beside "said": who speaks may stand before or behind what is said."""

    def says(found: Sequence[Token], place: int) -> bool:
        return any(one.word in SAYING for one in found[max(0, place - 2) : place + 4])

    return says(ours, at) and any(says(theirs, place) for place in places)


def _negations(ours: Sequence[Token], theirs: Sequence[Token], codes: Codes) -> float:
    """Negations of one side next to words that stand on both: a "not" put in, left out or moved."""
    here, there = set[int](), set[int]()
    for kind, a, b, c, d in codes:
        if kind == "equal":
            here |= set(range(a, b))
            there |= set(range(c, d))
    return float(min(3, max(_loose(ours, here, before=2), _loose(theirs, there, before=0))))


def _loose(found: Sequence[Token], matched: set[int], before: int) -> int:
    """Unmatched negations with a matched word among the two behind them, or the `before` in front; a last one's are
    always looked at. A clause that was left out takes its negation with it.
    """
    plain = [at for at, one in enumerate(found) if one.kind not in ("stop", "negation")]
    count = 0
    for at, one in enumerate(found):
        if one.kind == "negation" and at not in matched:
            behind = [place for place in plain if place > at][:2]
            ahead = [place for place in plain if place < at][-(before or 1) :] if before or not behind else []
            count += any(place in matched for place in (*behind, *ahead))
    return count
