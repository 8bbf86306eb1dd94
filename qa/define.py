""" "Who is Luigi Mangione?", "What is LIV Golf?": the sentences that say what a name is, by how they say it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from qa.evidence import Candidate
from qa.question import WHO_IS, Asked
from qa.reader import Span
from qa.words import fold, vocabulary, words

WHAT = (
    r"(?P<what>(?:an?|the|one of|your|its|his|her|their|former|late)\b"
    r"(?:[^,;:.–—()\"“”]|\"[^\"]*\"|“[^”]*”|\.(?=\s?\w*\d|\w))+)"
)
FURTHER = r"(?: (?:of|for|and) (?:the )?[A-Z]\w+)*(?: \([^()]*\))?"  # "the Brennan Center for Justice (BCJ)"
QUOTE_ENDS = re.compile(r".*?,[\"”](?= )")  # a comma in quotation marks ends it as well
SAID = re.compile(r"\b(?:said|says|say|told|wrote|reported|reports|according to)\b", re.IGNORECASE)
BEARER = re.compile(r"[A-Z][\w'’-]+ $")  # "Nino " before "Mangione" is another of that name
RELATIVE = re.compile(r"(?:\w+ ){1,3}?(?:cousin|son|daughter|brother|sister|wife|husband|father|mother|friend) of\b")
ROLE = (  # what stands right before a person's name
    r"(?:owner|(?:co-)?founder|CEO|president|chair(?:man|woman)?|minister|chancellor|senator|governor|mayor|secretary|director"
    r"|coach|manager|commissioner|star|singer|actor|actress|author|writer|poet|musician|rapper|songwriter|guitarist|drummer"
    r"|comedian|host|model|influencer|chef|artist|photographer|filmmaker|producer|spokes(?:man|woman|person)"
    r"|(?:congress|business|assembly)(?:man|woman)|executive|billionaire|entrepreneur|professor|analyst|economist"
    r"|historian|scientist|epidemiologist|astronaut|activist|journalist|reporter|editor|columnist|lawyer|attorney|judge"
    r"|justice|prosecutor|sheriff|officer|detective|general|commander|candidate|nominee|leader|lawmaker|guard|forward"
    r"|quarterback|receiver|goalkeeper|striker|midfielder|defender|pitcher|golfer|swimmer|gymnast|driver|champion|freshman"
    r"|sophomore|junior|senior|suspect|victim|king|queen|prince|princess|pope)"
)
FULL = 3.0  # what it is worth, in rank, that the whole name stands there and not its last word, or no relative's name
TITLED = re.compile(rf"(?<![\w'’-])(?:(?:[Ff]ormer|[A-Z][\w.&'’-]*|[a-z]+-[a-z]+|U\.S\.) ){{0,4}}(?i:{ROLE})$")
TITLE = 2.0  # and that its role stands before it: "Phoenix Suns owner Robert Sarver"
BRIEF = 2  # least words of what it is


def defined(asked: Asked, ordered: list[Candidate]) -> list[Candidate]:
    """The candidates of articles that hold the name: those that say what it is first, with that as their span, and as
    sure as the best was. No other words are what a thing is.
    """
    wanted = {fold(word) for word in words(asked.defines)}
    ordered = [one for one in ordered if wanted <= vocabulary(one.article.text)]
    found = [told for one in ordered for told in _told(asked, one)]
    found.sort(key=lambda one: -one.rank)
    best = max((one.probability for one in ordered), default=0.0)
    kept = {(one.article.id, one.start) for one in found}
    sure = [replace(one, probability=max(best, one.probability)) for one in found]
    others = [one for one in ordered if (one.article.id, one.start) not in kept]
    person = bool(WHO_IS.match(asked.text))
    return [*sure, *(_up_to_name(asked, one) if person else replace(one, span=None) for one in others)]


def _up_to_name(asked: Asked, one: Candidate) -> Candidate:
    """The candidate with the noun between its span and the name: "Kentucky junior" before "Jensen Castle"."""
    if one.span is None:
        return one
    title = re.compile(rf"(?: [a-z][\w-]+){{1,2}}(?= {re.escape(asked.defines)}\b)").match(
        one.article.text, one.span.end
    )
    return replace(one, span=replace(one.span, end=title.end())) if title else one


def _told(asked: Asked, one: Candidate) -> Iterator[Candidate]:
    """The candidate, if its sentence tells what the name is; a person goes by the last word of the name as well."""
    last = asked.defines.split()[-1]
    for called, worth in ((asked.defines, FULL), *([(last, 0.0)] if WHO_IS.match(asked.text) else [])):
        for match in _pattern(called).finditer(one.text):
            before, ends = one.text[: match.start()], QUOTE_ENDS.match(match["what"])
            what = (ends.group() if ends else match["what"]).rstrip()
            another = called != asked.defines and BEARER.search(before)
            quoted = before.count("“") > before.count("”") or before.count('"') % 2
            if len(what.split()) >= BRIEF and not (another or quoted or SAID.search(what)):
                start = one.start + match.start("what")
                rank = one.rank + worth - FULL * bool(RELATIVE.match(what))
                yield replace(one, span=Span(start, start + len(what), 0.0), rank=rank)
                return
    named = WHO_IS.match(asked.text) and re.search(rf" {re.escape(asked.defines)}(?!\w)", one.text)
    if named and (title := TITLED.search(one.text[: named.start()])):
        start = one.start + title.start()
        yield replace(one, span=Span(start, start + len(title[0]), 0.0), rank=one.rank + TITLE)


def _pattern(called: str) -> re.Pattern[str]:
    called = rf"(?<![\w-])(?i:{re.escape(called)}){FURTHER}"
    return re.compile(rf"{called}(?:, | [–—-] | (?:is|was|are|were)(?: also)? ){WHAT}(?=[,;:.–—()]|$)")
