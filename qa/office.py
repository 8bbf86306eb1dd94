"""Whose office a question asks the holder of, and whose holders a sentence names. Pure."""

import re

from qa.words import COUNTRY, fold, unify, words

KINDS = "foreign|defen[cs]e|interior|finance|justice|health|trade"
TITLE = rf"(?:(?<!vice )president|prime minister|premier|chancellor|(?:{KINDS}) minister)"
NAME = r"[A-Z][\w.]{0,30}(?: [A-Z][\w.]{0,30})?"
ASKED = re.compile(  # with nothing behind it: not "the president of Iran meeting"
    r"\s*(?i:and |but )?(?i:who)(?i:['’]s| is| was) (?:the )?(?:(?:current|present) )?"
    rf"(?:(?P<by>{NAME})(?:['’]s)? (?P<their>(?i:{TITLE}))|(?P<title>(?i:{TITLE})) of (?:the )?(?P<of>{NAME}))\W*$"
)
HELD = re.compile(rf"(?:(?P<by>\b{NAME})(?:['’]s)? )?(?P<title>\b(?i:{TITLE})\b)(?: of (?:the )?(?P<of>{NAME}))?")
VISITED = (  # a country that is no holder's
    r"(?i:\b(?:to|in|into|from|for|with|on|against|visit(?:s|ed|ing)?) (?:the )?){0}\b(?!['’])"
    r"|\b{0} (?i:visits?|trips?|tour|talks)\b"
)
MINISTRY = re.compile(
    r"\b(?:minist\w*|secretar\w*|diploma\w*|appoint\w*|named|sworn|office|portfolio)\b", re.IGNORECASE
)


def office_of_another(question: str, text: str) -> bool:
    """Whether a question asks who holds an office of a country, and a sentence names holders of such offices of other
    countries only: the "French foreign minister" does not say who is China's. Nor does a sentence without any minister.
    """
    asked = ASKED.match(question)
    name = (asked["of"] or asked["by"]) if asked else ""
    mine = _country(name)
    if asked is None or not mine:
        return False
    title = _title(asked["title"] or asked["their"])
    if title.endswith(" minister") and not title.startswith("prime") and not MINISTRY.search(text):
        return True
    held = [one for one in HELD.finditer(text) if _title(one["title"]) == title]
    owners = [_country(one["of"] or one["by"] or "") for one in held]
    if not owners or not all(owners) or any(mine & owner for owner in owners):
        return False
    return not mine & _country(re.sub(VISITED.format(re.escape(name)), " ", HELD.sub(" ", text)))


def _title(found: str) -> str:
    title = " ".join(found.lower().split())
    return "prime minister" if title == "premier" else title.replace("defense", "defence")


def _country(name: str) -> set[str]:
    """All words for the countries that a text names."""
    return unify([fold(word) for word in words(name)]) & COUNTRY.keys()
