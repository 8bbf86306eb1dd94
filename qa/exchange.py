"""A question asked again with a part of it exchanged: "And in 2024?" after "Who won the race in 2023?"."""

import re

from qa.words import COUNTRY, fold, name_runs, unify, words

COUNTED = re.compile(
    r"\s*(?:\w+ )?(?P<asked>how many|which|what) (?:(?:sort|kind|type)s? of )?"
    r"(?P<noun>(?:(?!(?:did|does|do|was|is|has)\b)[\w-]+ ){0,2}?(?!(?:does|was|is|has|this|us)\b)"
    r"(?:[\w-]+s|people|troops|women|men))\b",
    re.IGNORECASE,
)
HAS_A_VIEW = re.compile(
    r"\b(?:want|think|believe|say|ask|call|urge|promise|favou?r|support|back|oppose|object|hope|fear|demand|expect)s?\b",
    re.IGNORECASE,
)
NOUNS = re.compile(r"(?:how many )?(?:the )?(?P<new>(?:\w+ )?\w+s|people|troops)$", re.IGNORECASE)
PLACE_BEFORE = re.compile(r"\b(?:which|what|in|to|from|at|into|near|against|of|for|on)\s+(?:the\s+)?$", re.IGNORECASE)
HELPER = "did|does|do|was|were|is|are|has|have|had"
SUBJECT = re.compile(
    rf"(?P<head>(?i:what|when|where|why|how) (?i:{HELPER})) (?P<who>(?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){{0,3}})"
    r" (?P<verb>[a-z]+)(?: (?:there|it|that|this|so|about (?:it|that|this)|to (?:it|that|this)))?$"
)
BARE = re.compile(
    r"(?P<word>(?:since |until )?when|where|why|how|who)(?P<negated> not)?(?: exactly)?"
    r"(?:\s+(?:was|is|did|were|does|do|has)\s+(?:that|this|it|they|he|she|those)"
    r"(?:\s+(?:happen|happened|take place|be|held|so|do (?:that|it|this|so)|said|announced|released))?)?$",
    re.IGNORECASE,
)
YES_NO = re.compile(rf"\s*(?:(?:and|but|so) )?(?P<helper>{HELPER}|would|could) (?P<rest>.+)", re.IGNORECASE)
SUBJECT_ASKED = re.compile(r"\s*(?i:who (?:was|is|were|are)) (?![A-Z])")
ASKED_BEFORE = re.compile(
    r"(?:and |but |so )?(?:(?P<preposition>in|on|at|to|from|with|for|by) )?"
    r"(?:how many|how much|how long|who|whom|when|where|why|how|what|which)"
    rf"(?P<noun>(?: (?!{HELPER})\w+){{0,3}}?) (?P<helper>{HELPER})\b"
    r"|(?:who|what|which(?P<noun2> \w+)?)\b",
    re.IGNORECASE,
)
ABOUT = re.compile(r"\babout (?P<what>(?:(?! (?:at|in|during|after|before|on|with|when)\b)[^?()])+)", re.I)
SWAP = re.compile(
    r"(?P<about>(?:what|how) about\s+)?(?P<preposition>(?:in|on|at|to|from|with|by|for)\s+)?(?P<new>.+)$", re.IGNORECASE
)
ORDINAL = re.compile(
    r"(?:the )?\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th))\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"\b(?:(?:in|on|during)\s+)?(?:[A-Z]\w+ )?(?:1[5-9]|2[01])\d\d\b")


def exchanged(bare: str, earlier: str, answer: str | None) -> str:
    """The earlier question, another question word, subject, year, place or name in it; "" where the follow-up, without
    its "and", has no such form. `answer` is the earlier one's short answer.
    """
    return _asked_otherwise(bare, earlier, answer) or _same_verb(bare, earlier) or _swap(bare, earlier)


def people(question: str) -> list[str]:
    """Names in a question that are likelier people than places: not after "in", "to", "from"."""
    found = []
    for run in name_runs(question):
        at = question.find(run)
        if not PLACE_BEFORE.search(question[:at]):
            found.append(run)
    return found


def is_country(name: str) -> bool:
    """Whether a name is a country's, or its people's."""
    return bool(unify([fold(word) for word in words(name)]) & COUNTRY.keys())


def _asked_otherwise(bare: str, earlier: str, answer: str | None) -> str:
    """ "Why?", "When was that?": the earlier question with another question word; "" when that is not the form."""
    asked, before = BARE.match(bare), ASKED_BEFORE.match(earlier.strip())
    if not asked:
        return ""
    word = asked["word"].capitalize()
    if (settled := YES_NO.match(earlier)) and word != "Who":  # "Why not?" after "Did China condemn it?"
        helper = settled["helper"].lower() + ("n't" if asked["negated"] else "")
        return f"{word} {helper} {settled['rest'].rstrip(' ?.!')}?"
    if not before or asked["negated"]:
        return ""
    rest = earlier.strip()[before.end() :].strip(" ?.!")
    told = f", {answer}" if answer and name_runs(answer) and answer.lower() not in earlier.lower() else ""
    if told and SUBJECT_ASKED.match(earlier) and word != "Who":  # "Who was against it?", "Why?"
        return f"{word} {before['helper']} {answer} {rest}?"
    if before["helper"] and before["preposition"] and before["noun"]:  # "in which city": no object, but a place
        where = f" {before['preposition'].lower()} {answer}" if told else ""
        return f"{word} {before['helper']} {rest}{where}?"
    if before["helper"]:
        return f"{word} {before['helper']} {rest}{before['noun']}{told}?"
    return f"{word} was it that {answer or before['noun2'] or 'it'} {rest}?"


def _same_verb(bare: str, earlier: str) -> str:
    """ "And what did Xi say?" after "What did Macron say about trade?": with its subject for the earlier one's."""
    match = SUBJECT.match(bare)
    if not match:
        return ""
    head, verb = re.escape(match["head"]), re.escape(match["verb"])
    before = re.match(rf"\s*{head} (?P<who>[^?()]+?) {verb}\b(?= )", earlier, re.IGNORECASE)
    return f"{earlier[: before.start('who')]}{match['who']}{earlier[before.end('who') :]}" if before else ""


def _swap(bare: str, earlier: str) -> str:
    """ "And in 2024?", "What about Xi?": the earlier question with its like part exchanged; "" if not of that form."""
    match = SWAP.match(bare)
    if not match or len(words(match["new"])) > 4:
        return ""
    about, before = ABOUT.fullmatch(bare), ABOUT.search(earlier)
    if about and before:
        return f"{earlier[: before.start('what')]}{about['what']}{earlier[before.end('what') :]}"
    nth, before = ORDINAL.fullmatch(match["new"]), ORDINAL.search(earlier)
    if nth and before:
        return f"{earlier[: before.start()]}{nth[0]}{earlier[before.end() :]}"
    runs = name_runs(match["new"])
    counted, noun = COUNTED.match(earlier), NOUNS.match(bare)
    if counted and noun and not runs and counted["asked"].lower() == "how many":
        return f"{earlier[: counted.start('noun')]}{noun['new']}{earlier[counted.end('noun') :]}"
    alone = runs == [re.sub(r"^the ", "", match["new"])]
    if not (match["about"] or match["preposition"] or alone):
        return ""
    if YEAR.search(match["new"]):
        new = f"{match['preposition'] or 'in '}{match['new']}"
        old = YEAR.search(earlier)
        return f"{earlier[: old.start()]}{new}{earlier[old.end() :]}" if old else f"{earlier.rstrip(' ?')} {new}?"
    if match["preposition"] and alone:
        old = re.search(
            rf"\b{match['preposition'].strip()} (?!.*\b{match['preposition'].strip()} )[^()?]*", earlier, re.I
        )
        phrase = f"{match['preposition']}{match['new']}"
        return f"{earlier[: old.start()]}{phrase}?" if old else f"{earlier.rstrip(' ?')} {phrase}?"
    if not alone:
        return _said_about(match["new"], earlier) if match["about"] else ""
    return "" if match["preposition"] else _exchanged(match["new"], earlier)


def _said_about(what: str, earlier: str) -> str:
    """ "And what about pay?" after "Does Holm back the strike?": "What did Holm say about pay?"."""
    subject = _subject(earlier) if HAS_A_VIEW.search(earlier) else None
    return f"What did {subject['name']} say about {what}?" if subject else ""


def _subject(earlier: str) -> re.Match[str] | None:
    """The name behind the helping verb: "Does Holm back it?"."""
    names = "|".join(map(re.escape, people(earlier))) or "$"
    return re.search(rf"\b(?i:{HELPER})\s+(?P<name>(?:the )?(?:{names}))\b", earlier)


def _exchanged(name: str, earlier: str) -> str:
    """The earlier question with `name` for its subject; a country for its country or topic, unless that is a subject:
    no country says what a person did. "" where nothing can be exchanged.
    """
    subject = _subject(earlier)
    place = subject.span("name") if subject else None
    if is_country(name) and not (subject and is_country(subject["name"])):
        about = ABOUT.search(earlier)
        spans = [(at := earlier.find(run), at + len(run)) for run in name_runs(earlier) if is_country(run)]
        free = [span for span in spans if not _placed(earlier, span[0])]
        viewed = subject.span("name") if subject and HAS_A_VIEW.search(earlier) else None
        place = free[0] if len(free) == 1 else about.span("what") if about else viewed
    return f"{earlier[: place[0]]}{name}{earlier[place[1] :]}" if place else ""


def _placed(question: str, at: int) -> bool:
    return bool(re.search(r"\b(?:in|at|from)\s+(?:the )?$", question[:at]))
