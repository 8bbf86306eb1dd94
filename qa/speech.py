"""Who says what a sentence tells: its speaker, and how much of the text around a quotation keeps one with it."""

import re
from dataclasses import dataclass

from qa.question import SAID
from qa.when import WEEKDAYS
from qa.words import COUNTRY, fold, name_runs, unify, words

WEEKDAY = "|".join(name.title() for name in WEEKDAYS)
SAY = (
    r"(?:said|says?|told|tells?|added(?!\s(?:an?|runs|more|two|three|\d+)\b)|adds|stated|states|explained|explains"
    r"|announced|announces|warned|warns|wrote|writes|argued|argues|claimed|claims|insisted|insists|stressed|stresses"
    r"|noted|notes|confirmed|confirms|tweeted|posted|declared|declares|alleged|alleges|testified|recalled|acknowledged"
    r"|admitted|estimated|estimates|reported|replied|responded|responds|continued|concluded|suggested|predicted|denied"
    r"|revealed|joked|exclaimed)"
)
NAME = r"(?:[A-ZÀ-ÖØ-Þ][\w'’.&-]*|(?:von|van|der|den|de|da|del|al|bin|du|la|le|of|for|and|the|on)(?= [\w'’]*[A-ZÀ-Þ]))"
ROLE = (
    r"(?:[Oo]fficials?|spokes(?:man|woman|person)|advis[eo]rs?|sources?|ministry|ministers?|[Pp]olice|[Aa]uthorities|government"
    r"|company|agency|department|[Aa]nalysts?|[Ee]xperts?|[Pp]rosecutors?|[Ii]nvestigators?|lawyers?|report|statement|study|survey"
    r"|poll|court|judge|mayor|governor|president|office|organi[sz]ation|group|researchers?|scientists?|doctors?|witnesses"
    r"|university|union|army|military|commission|committee|council|bank|team|club|school|documents?|data|website|camp"
    r"|entourage|residents?|critics|attorneys?|league|advisory|assessment|meteorologists?|complaint|co-authors?|authors?|professors?|reports|lawmakers?|senator|secretary|director|manager|coach|chief|sheriff|coroner|family)"
)
SPEAKER = (
    rf"(?!(?:[Aa]n?|[Tt]he) {SAY})"  # "An estimated 129"
    rf"(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Oo]ne|[Tt]wo|[Ss]ome|[Ss]everal|[Mm]any)\s)?"
    rf"(?!which\b|who\b|that\b|is\b|was\b|are\b|were\b|\d)(?:[\w'’.-]+\s){{0,5}}?"
    rf"(?:{ROLE}(?!\w)(?:\s(?:of|for|at|in|with)\s(?:the\s)?{NAME}(?:\s{NAME}){{0,4}})?"
    rf"(?:\s{NAME}(?:\s{NAME}){{0,3}})?|{NAME}(?:\s{NAME}){{0,6}}(?:(?<=['’]s)\s(?:[\w-]+\s){{0,2}}?{ROLE}"
    rf"|\s(?!on|in|at|to|for|of|and|who|with|as|but|that)[a-z-]+(?:\s[a-z-]+)?\s{NAME}(?:\s{NAME})+)?)"
)
PRONOUN = re.compile(r"\b(?:he|she|they|it)\b", re.IGNORECASE)
ACCORDING = re.compile(rf"\b(?P<way>[Aa]ccording to) (?P<who>{SPEAKER})")
BEFORE = re.compile(
    rf"(?:^|[,;:”\"—–-]\s*|\b(?:that|but|and|as|while|when)\s)(?P<who>{SPEAKER}|[Tt]he [a-z]+|[Hh]e|[Ss]he|[Tt]hey)"
    rf"(?:,[^,.”\"]{{2,80}},|\s\([^)]{{2,40}}\))?\s(?:also\s|later\s|has\s|have\s|had\s|then\s|only\s)?(?P<say>{SAY})\b"
)
BEHIND = re.compile(rf"[,?!.—–-]?['’]?[”\"’]\s(?P<say>{SAY}) (?P<who>{SPEAKER}|he|she|they)\b")
AFTER_COMMA = re.compile(rf",\s(?!told|tells?)(?P<say>{SAY}) (?!{WEEKDAY})(?P<who>{SPEAKER}|he|she|they)\b")
WHO_SAYS = re.compile(rf"\bwho (?:has |had |was it that |also )?{SAY}\b|\baccording to whom\b", re.IGNORECASE)
LEANS = re.compile(r"^[\"“‘']?(?:He|She|They|It|His|Her|Their|This|That|These|Those|Both)\b")
ACCUSES = re.compile(r"\b(?:accus|alleg|blam|claim)\w*\b", re.IGNORECASE)
DENIES = re.compile(  # "Beijing has consistently denied these claims."
    r"\b(?:den(?:y|ies|ied)|reject(?:s|ed)?|dismiss(?:es|ed)?)\b (?:it|them|(?:these|those|this|that|the|all|any|such)"
    r"(?: \w+)? (?:claim|allegation|accusation|charge|report|suggestion)s?)\b",
    re.IGNORECASE,
)
ASKED_SPEAKER = re.compile(
    rf"\b(?:did|does|do|has|have|had) (?P<who>(?:[\w'’.-]+ ){{0,5}}?[\w'’.-]+) (?:{SAID})\b",
    re.IGNORECASE,
)
SPEAKS_FOR = re.compile(rf"\b(?:{ROLE})\b", re.IGNORECASE)
LONGEST = 400  # characters of a neighbour that may join
OPENING, CLOSING = "“", "”"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Words that say who speaks, at [start, end) of a sentence; `who` is "" for a pronoun."""

    who: str
    start: int
    end: int
    ahead: bool  # the claim follows: "X said that ...", "According to X, ..."


def attribution(sentence: str) -> Attribution | None:
    """Who says what this sentence tells; None where it is the article's own voice, or where nobody is named."""
    for pattern in (ACCORDING, BEHIND, BEFORE, AFTER_COMMA):
        if match := pattern.search(sentence):
            who = _trimmed(match["who"])
            ahead = pattern is BEFORE and not sentence[: match.start("who")].strip(" ,;:—–-")
            if pattern is ACCORDING:
                ahead = match.start() == 0
            return Attribution("" if PRONOUN.fullmatch(who) else who, match.start(), match.end(), ahead)
    return None


def speaker(sentence: str, start: int, end: int) -> str:
    """Who claims what stands at [start, end) of the sentence: "Seoul"; "" for the article's own voice or a pronoun."""
    found = attribution(sentence)
    if found is None or not found.who or (found.start <= start and end <= found.end):
        return ""
    inside = start >= found.end if found.ahead else True
    return found.who if inside else ""


def asks_who_says(question: str) -> bool:
    """Whether a question wants the speaker: "Who said that ...", "Who warned ..."."""
    return bool(WHO_SAYS.search(question))


def another_speaks(question: str, sentence: str) -> bool:
    """Whether a question asks what somebody said, and a sentence tells what another said, who is named: "What did Putin
    say?" by "Gerasimov told Putin". Whoever speaks for a country or an office may be meant by its name.
    """
    asked = ASKED_SPEAKER.search(question)
    found = attribution(sentence) if asked else None
    if asked is None or found is None:
        return False
    wanted, told = _called(asked["who"]), _called(found.who)
    if not wanted or wanted & COUNTRY.keys() or not told - COUNTRY.keys() or wanted & told:
        return False
    return not SPEAKS_FOR.search(found.who) or bool(wanted & _called(sentence))


def _called(who: str) -> set[str]:
    """The words of the names in it, with all the names of a country that is one of them."""
    return unify([fold(word) for run in name_runs(who) for word in words(run)])


def names_speaker(sentence: str) -> str:
    """The words that name who says what a sentence tells, as they stand in it; "" for nobody or a pronoun."""
    found = attribution(sentence)
    at = sentence.lower().find(found.who.lower(), found.start) if found and found.who else -1
    return sentence[at : at + len(found.who)] if found and at >= 0 else ""


def extent(text: str, before: int, start: int, end: int, after: int) -> tuple[int, int]:
    """Where the words to show begin and end for the sentence text[start:end].

    `before` is where the sentence before it begins, `after` where the next one ends (`start` and `end` where there is
    none). They join where the sentence leans on them: a pronoun for a subject or a speaker, a quotation that began
    before it or goes on behind it, a quotation whose speaker only they name. Into another paragraph only for a speaker.
    An accusation is shown with the next sentence if that denies it.
    """
    begin, finish = _joined(text, before, start, end, after)
    return begin, (after if _denied(text[start:end], text[end:after]) else finish)


def _joined(text: str, before: int, start: int, end: int, after: int) -> tuple[int, int]:
    """Where they begin and end with the neighbours that the sentence leans on."""
    sentence, earlier, later = text[start:end], text[before:start], text[end:after]
    same = "\n" not in earlier
    leans = bool(LEANS.search(sentence) or DENIES.search(sentence)) and same
    own = attribution(sentence)
    if own is not None and own.who:
        return (before if leans else start), end
    if own is not None:
        told = same or (len(earlier) <= LONGEST and bool(name_runs(earlier)))
        return (before if told else start), end
    begun, goes_on = _begun_before(sentence, earlier), _goes_on(sentence)
    if goes_on and "\n" not in later.strip() and _names(later):
        return start, after
    if begun or goes_on or _is_quotation(sentence):
        return (before if (begun and same) or _names(earlier) else start), end
    return (before if leans else start), end


def _denied(sentence: str, later: str) -> bool:
    close = "\n" not in later.rstrip() and len(later) <= LONGEST
    return close and bool(ACCUSES.search(sentence)) and bool(DENIES.search(later))


def _names(sentence: str) -> bool:
    """Whether a neighbour, if it is not too long to show, names a speaker."""
    found = attribution(sentence.strip()) if len(sentence) <= LONGEST else None
    return found is not None and bool(found.who)


def _begun_before(sentence: str, earlier: str) -> bool:
    """Whether the sentence stands in a quotation that was opened in the one before it."""
    curly = earlier.count(OPENING) > earlier.count(CLOSING) or _first(sentence) == CLOSING
    return curly or (earlier.count('"') % 2 == 1 and not sentence.lstrip().startswith('"'))


def _goes_on(sentence: str) -> bool:
    """Whether a quotation opened in the sentence is not closed in it."""
    return sentence.count(OPENING) > sentence.count(CLOSING) or (
        sentence.count('"') % 2 == 1 and sentence.lstrip().startswith('"')
    )


def _first(sentence: str) -> str:
    return next((mark for mark in sentence if mark in (OPENING, CLOSING)), "")


def _is_quotation(sentence: str) -> bool:
    """Whether a sentence is nothing but quoted words."""
    bare = sentence.strip()
    return bare[:1] in (OPENING, '"') and bare[-1:] in (CLOSING, '"')


def _trimmed(who: str) -> str:
    """A speaker without what the pattern took too much of: "The White House" -> "the White House"."""
    plain = re.sub(r"(?:\s(?:of|for|and|the|on|in|at|with))+$", "", who.strip(" ,"))
    plain = plain.removesuffix(".") if not re.search(r"\b(?:\w\.\w|Jr|Sr|Inc|Co|Corp|Ltd)\.$", plain) else plain
    return re.sub(r"^(The|A|An|His|Her|Their|Its|One|Two|Some|Several|Many)\b", lambda one: one[0].lower(), plain)
