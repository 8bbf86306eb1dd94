"""Whose office a question asks the holder of, and whose holders a sentence names. Pure."""

import re

from qa.when import MONTH, WEEKDAYS
from qa.words import STOP, fold, unify, words

NAME = r"(?<!\w)[A-Z][\w.&-]{0,30}(?: [A-Z][\w.&-]{0,30}){0,4}"
KIND = (
    "prime|vice|deputy|acting|interim|foreign|defen[cs]e|interior|finance|justice|health|trade|supreme|first|head|chief"
    "|executive|press|general"
)
HELD = (
    rf"(?:(?P<by>{NAME})(?:['’]s?)? )?(?i:(?:(?:{KIND}) ){{0,3}}"
    r"(?P<head>president|premier|minister|chancellor|CEO|chief executive|governor|mayor|secretary(?:[ -]general"
    r"| of \w+)?|director|leader|speaker|ambassador|coach|king|queen|chair(?:man|woman)?|spokes(?:man|woman|person))\b)"
    rf"(?: (?:of|for) (?:the )?(?P<of>{NAME}))?"
)
HOLDER = re.compile(HELD)
ASKED = re.compile(
    r"\s*(?i:and |but )?(?i:who|what)(?:['’]s| (?:is|was|are|were|became|becomes))\b (?:the |an? )?"
    rf"(?:(?:current|new|present|then|next|former|first|female) ){{0,3}}{HELD}"
)
ALIKE = (  # what one holder may be called
    {"president", "leader", "head"},
    {"premier", "minister", "pm"},
    {"ceo", "chief", "boss", "head", "executive"},
    {"coach", "manager", "head"},
)
LEADS = re.compile(
    r"\b(?:sworn|elect\w*|w[io]ns?|took|taken|takes|replac\w*|succe\w*|appoint\w*|named|nam(?:es|ing)|leads?|led|runs?|hired"
    r"|promot\w*|inaugurat\w*|office)\b",
    re.IGNORECASE,
)
SIDES = frozenset(("north", "south", "east", "west"))
NO_OWNER = re.compile(  # words with a capital that own no office
    rf"(?:{'|'.join(WEEKDAYS)}|{MONTH}|{KIND}|former|then|new|outgoing|incoming|current|late|mr\.?|labour|conservative|tory|republican"
    r"|democrat(?:ic)?|liberal|socialist)",
    re.IGNORECASE,
)


def anothers(question: str, text: str) -> bool:
    """Whether a question asks who holds an office, and a sentence names holders of such offices of others only, or
    tells of none: the "French foreign minister" does not say who is China's, nor does "President Xi".
    """
    asked = ASKED.match(question)
    mine = _owner(asked) if asked else set()
    if asked is None or not mine:
        return False
    if not LEADS.search(text) and not {_root(word) for word in words(text)} & {_root(word) for word in _called(asked)}:
        return True
    held = [one for one in HOLDER.finditer(text) if _head(one) == _head(asked)]
    owners = [_owner(one) for one in held]
    return bool(owners) and all(owner and not _same(owner, mine) for owner in owners)


def _called(found: re.Match[str]) -> set[str]:
    """What such a holder may be called."""
    return {_head(found)}.union(*(alike for alike in ALIKE if _head(found) in alike))


def _root(word: str) -> str:
    return fold(word)[:6]


def _head(found: re.Match[str]) -> str:
    return fold(words(found["head"])[0])


def _owner(found: re.Match[str]) -> set[str]:
    """The folded words of the name that an office is said to be of."""
    named = [word for word in words(found["of"] or found["by"] or "") if not NO_OWNER.fullmatch(word)]
    return {fold(word) for word in named} - STOP


def _same(one: set[str], other: set[str]) -> bool:
    """Whether two owners may be one: "Japan", "Japanese"; North Korea is not South Korea."""
    if one & SIDES and other & SIDES and one & SIDES != other & SIDES:
        return False
    roots = [{word[:4] for word in unify(sorted(each)) - STOP - SIDES} for each in (one, other)]
    return bool(roots[0] & roots[1])
