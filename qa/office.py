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
SIDES = frozenset(("north", "south", "east", "west"))
NO_OWNER = re.compile(  # words with a capital that own no office
    rf"(?:{'|'.join(WEEKDAYS)}|{MONTH}|{KIND}|former|then|new|outgoing|incoming|current|late|mr\.?|labour|conservative|tory|republican"
    r"|democrat(?:ic)?|liberal|socialist)",
    re.IGNORECASE,
)


def anothers(question: str, text: str) -> bool:
    """Whether a question asks who holds an office, and a sentence names holders of such offices of others only: the
    "French foreign minister" does not say who is China's.
    """
    asked = ASKED.match(question)
    mine = _owner(asked) if asked else set()
    if asked is None or not mine:
        return False
    held = [one for one in HOLDER.finditer(text) if _head(one) == _head(asked)]
    owners = [_owner(one) for one in held]
    return bool(owners) and all(owner and not _same(owner, mine) for owner in owners)


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
