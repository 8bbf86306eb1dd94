"""A follow-up question made self-contained: "When was that?" after "Who did Macron call?"."""

import re

from qa.exchange import ASKED_BEFORE, COUNTED, HELPER, exchanged, is_country, people
from qa.quantity import PEOPLE
from qa.question import defines
from qa.words import STOP, content, fold, name_runs, stem, words

HE = re.compile(r"\b(he|him|she|her)\b", re.IGNORECASE)
HIS = re.compile(r"\b(his|her|hers)\b(?=\s+\w)", re.IGNORECASE)
HIS_REPLY = re.compile(r"\b(?:his|her)\b(?= (?:\w+ )?(?:answer|reply|response|reaction)\b)", re.IGNORECASE)
THEY = re.compile(
    r"\b(they|(?<!of )them|both of them|the two (?:leaders|presidents|ministers|politicians|men|women|of them)"
    r"|the two(?= *[?.,]| (?:say|discuss|talk|meet|sign|agree|do|did|have|had|were|was)\b))\b",
    re.IGNORECASE,
)
HE_HIM = re.compile(r"\b(?:he|she)\b(.*)\b(?:him|her(?!\s+\w))\b", re.IGNORECASE)  # two people
THEIR = re.compile(r"\btheir\b", re.IGNORECASE)
IT = re.compile(
    r"\b(?:it|those|these|one|(?:that|this|there|then|so)(?=\s*(?:[?.!,;]|$))|there|instead"
    r"|something (?:similar|like that)|the same thing"
    r"|(?:that|this)(?= (?:will|would|is|was|can|could|has|had|did|does|work|mean)\b)"
    r"|(?:that|this|the same|the) (?:same )?(?:call|meeting|visit|talks?|trip|deal|war|event|conversation|summit|speech"
    r"|statement|warning|agreements?|office|idea|proposal|country|article|story|plan|occasion|operation|admission))\b",
    re.IGNORECASE,
)
LEANS = re.compile(
    r"\b(?:any|some|no)(?:one|body|thing) else\b|\b(?:who|what|where) else\b|\bin (?:return|reply|response)\W*$"
    r"|^\W*(?:and )?(?:where|when|who|which \w+|how many \w+) (?:in|at|of|from|on) (?:the )?\w+(?: \w+)?\W*$",
    re.IGNORECASE,
)
ITS = re.compile(r"\b(?:it|this|that)(?=\W*$)|(?<=did )it\b|(?<=was )it\b|(?<=is )it\b", re.IGNORECASE)
THING = re.compile(  # what a question ends in
    r"\b(?:in|at|about|during|after|with|is|was|caused|happened to) (?P<thing>the (?:[\w'’-]+ ){0,4}[\w'’-]+)$",
    re.IGNORECASE,
)
# "The North Korean soldiers" are "they" when a question names at most one person beside them; "North Korean" is nobody.
PEOPLES = re.compile(
    r"\b(?:the )?((?:[A-Z]\w+ )*[A-Z]\w*(?:ean|ian|can|ish|ese|ern|nch|eli|raqi) (?:[a-z]+ )?[a-z]+s)\b"
)
ELLIPSIS = re.compile(
    r"\b(?:react|respond|reply|replied|answer|comment|explain|object|agree|disagree|on what day|on which day|what date|"
    r"what year|what month|where exactly|by whom|to whom|with whom|from whom|against whom|for how long|how many)\b",
    re.IGNORECASE,
)
OPENERS = re.compile(
    r"^\s*(and|but|so|also|ok(?:ay)?|then|what about|how about|what else|who else|why|how so|how come)\b", re.IGNORECASE
)
QUESTION_WORDS = re.compile(
    r"^\s*(?:and|but|so|ok(?:ay)?)?[,\s]*(?:(?:in|on|at|to|from|with|for|of|by|since|until)\s+)?"
    r"(?:how many|how much|how long|how often|who|whom|whose|when|where|why|how|what|which)\b\s*",
    re.IGNORECASE,
)
SAYS = re.compile(r"\b(?:say|said|tell|told|think|thought|claim|claimed|announce|announced)\b", re.IGNORECASE)
NEW_SUBJECT = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|well|right)\b[,.]? )?(?:(?:and |but )?(?:now )?(?:a |an )?"
    r"(?:something|different|another|new|other)(?: \w+)?[:,]|by the way,"
    r"|(?:on|to) an? (?:different|other|new) (?:topic|subject|note)[:,]|(?:to )?chang(?:e|ing) the subject[:,])\s*",
    re.IGNORECASE,
)
CORRECTION = re.compile(
    r"^\W*(?:no|sorry|actually)[,.]? (?:i (?:meant|mean)\b|not \w+[,.]? (?:but )?)\s*", re.IGNORECASE
)
SAYS_WHO = re.compile(r"^\W*(?:and )?(?:says|according to|said) who(?:m)?\W*$", re.IGNORECASE)
WHO_IS = re.compile(r"\s*who(?:'s| is| was)\s+(?P<name>.+)", re.IGNORECASE)
SHE = re.compile(r"\b(?:she|hers?|herself)\b", re.IGNORECASE)
# Given names and titles by which "she" finds its person; every other name may be a man's.
WOMEN = frozenset(
    "agnes alice amelie amina amy ana angela anita anna annalena anne annie audrey barbara beatrice brigitte camille "
    "carla carmen caroline catherine cecilia charlotte christine clara claire claudia condoleezza cristina diana "
    "dilma dora elena elisabeth elizabeth ella ellen emily emma esther eva fatima florence frances gabriela georgia "
    "giorgia gloria grace hannah helen helena hillary ingrid irene isabel jacinda jane janet jean jennifer jessica "
    "jill joan julia julie kaja kamala karen kate katherine kristalina lara laura liz linda lisa louise lucia "
    "madeleine magdalena maia malala margaret maria marie marina marine martha mary melania melinda mette michelle "
    "monica nadia nancy natalia nicola nikki nina olga olivia pamela patricia paula penny rachel rania rebecca rosa "
    "roberta rose ruth samantha sanna sara sarah simone sofia sonia sophie stella susan sylvie tatiana teresa theresa "
    "ursula valerie vera veronica victoria viktoria violeta virginia yulia yvette zuzana "
    "madam madame miss mrs ms queen princess lady duchess baroness chairwoman congresswoman".split()
)
CLAUSE = re.compile(
    r"\b(?:that|when|if|because|as|while|before|after|whether|since|and|until|which|who)\s+$", re.IGNORECASE
)
SPOKEN_TO = re.compile(
    r"\W*(?:(?i:and|but|so|(?:what|how) about)\s+)?(?P<name>(?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,3}),\s*"
    r"(?P<asked>(?i:what|who|whom|when|where|why|how|which|did|do|does|has|have|was|were|is|are)\b.*)$",
)
ASKS_PERSON = re.compile(
    r"\s*(?:who|whom|whose|(?:which|what) (?:\w+ )?(?:leader|president|minister|official|politician|general|secretary"
    r"|person|man|woman|adviser|spokes\w+|chief|head|diplomat|envoy|ruler|country|nation))\b",
    re.IGNORECASE,
)


def is_followup(question: str) -> bool:
    """Whether a question leans on what came before: a pronoun without its name, an opener, hardly any content."""
    if CORRECTION.match(question) or SAYS_WHO.match(question):
        return True
    skipped = len(question) - len(QUESTION_WORDS.sub("", question))
    stems = content(question)
    for pattern in (HIS, THEIR, HE, THEY, IT):
        for match in pattern.finditer(question, skipped):
            if not _bound(question, match, possessive=pattern in (HIS, THEIR)):
                return True
    if (
        LEANS.search(question)
        or (OPENERS.search(question) and len(stems) <= 4)
        or (ELLIPSIS.search(question) and len(stems) <= 2)
    ):
        return True
    return not name_runs(question) and len(stems) <= 1


def may_lean(question: str) -> bool:
    """Whether a question that leans on nothing may yet be about what was talked of: it names nobody and nothing."""
    return not (name_runs(question) or NEW_SUBJECT.match(question) or defines(question))


def on_topic(question: str, earlier: str, answer: str | None = None) -> str:
    """The question with the earlier one's content beside it."""
    bare = question.rstrip(" ?.!")
    topic = _topic(earlier, bare, answer)
    return f"{bare} ({topic})?" if topic else question


def standalone(question: str, earlier: str, answer: str | None = None, asked: str = "") -> str:
    """The question with what it leans on put in; `earlier` is the last self-contained one, `answer` its short answer,
    `asked` how it was asked, before anything was put in.

    Unchanged when it leans on nothing. Pronouns for people become the person asked about; whatever "it", "that" or
    nothing at all refers to is the earlier question's own content, which is appended.
    """
    question, changed = NEW_SUBJECT.subn("", question)
    if changed:
        return question[:1].upper() + question[1:]
    question = CORRECTION.sub("What about ", question)
    question = "Who said so?" if SAYS_WHO.match(question) else question
    if not earlier or not is_followup(question):
        return question
    named = _named(question)
    text = _people(named, earlier, answer, asked)
    bare = re.sub(r"^\s*(?:and|but|so|also|ok(?:ay)?)\b[,\s]*", "", text, flags=re.IGNORECASE).rstrip(" ?.!")
    if other := exchanged(bare, earlier, answer):
        return other
    if whole := _thing(bare, earlier):
        return f"{whole[:1].upper()}{whole[1:]}?"
    bare = re.sub(r"^(?:what|how) about\b", "What about", bare, flags=re.IGNORECASE)
    topic = (
        ""
        if _whole(question, bare) and (named == question or len(content(named)) > 2)
        else _topic(earlier, bare, answer)
    )
    bare = bare[:1].upper() + bare[1:]
    return f"{bare} ({topic})?" if topic else f"{bare}?"


def _whole(question: str, resolved: str) -> bool:
    """Whether a follow-up says all it asks once its people have names: no "it" or "there", and more than a verb."""
    pronouns = IT.finditer(resolved, len(resolved.partition(" ")[0]))
    leans = any(not _bound(resolved, match, possessive=False) for match in pronouns)
    about = resolved.lower().startswith("what about") or [resolved] == name_runs(resolved)
    return question.rstrip(" ?.!") != resolved and not leans and not about and len(content(question)) >= 2


def _bound(question: str, pronoun: re.Match[str], possessive: bool) -> bool:
    """Whether a pronoun stands for a name in its own question: "What did Macron say when he met Xi?", "Macron and his".

    "What did Macron say about him?" is not bound: a name, but no clause of its own for the pronoun.
    """
    before = question[: pronoun.start()]
    if pronoun.group().lower() in ("that", "this", "it"):  # "after that" is no clause
        before = re.sub(r"\b(?:before|after|since|until)\s+$", "", before, flags=re.IGNORECASE)
    return bool(name_runs(before)) and (possessive or bool(CLAUSE.search(before) or SPOKEN_TO.match(question)))


def _people(question: str, earlier: str, answer: str | None, asked: str) -> str:
    things = None if SAYS.search(question) else COUNTED.match(earlier)
    if things and (things["asked"].lower() == "how many" or not name_runs(answer or "")):
        question = _they(question, f"the {things['noun']}")
    group = PEOPLES.search(earlier)
    candidates = [name for name in people(earlier) if not group or name not in group[1]]
    if HE.search(asked) and HE.search(question):  # who was "he" is so still
        candidates.sort(key=lambda name: name in asked or name not in earlier.partition(" (")[0])
    if group and stem(group[1].split()[-1]) in PEOPLE:
        topical = earlier[: group.start()].lower().endswith("about ")
        question = _they(question, f"the {group[1]}") if topical or len(candidates) < 2 else question
    if answer and ASKS_PERSON.match(earlier) and name_runs(answer):
        whom = re.match(r"\s*\w+(?: \w+){0,2}? (?:did|does|do|has|have|had)\b", earlier, re.IGNORECASE)
        named = (is_who := WHO_IS.match(earlier)) and people(is_who["name"])[:1] == [is_who["name"].strip(" ?.!")]
        last = _bearer(answer)
        candidates = [*candidates, last] if whom or named else [last, *candidates]
    if SHE.search(question) or HE.search(question):
        candidates = [name for name in candidates if not is_country(name)]
    if SHE.search(question):
        candidates.sort(key=lambda name: not _woman(name))
    elif HE.search(question):
        candidates.sort(key=_woman)
    if not candidates:
        return question
    first, second = candidates[0], candidates[min(1, len(candidates) - 1)]
    question = HIS_REPLY.sub(f"{second}'s", question)  # of two, the reply is the other's
    text = HIS.sub(lambda m: f"{first}'s" if m[1].lower() != "her" or _owns(question, m.end()) else first, question)
    text = HE_HIM.sub(lambda m: f"{first}{m[1]}{second}", text, count=1)
    text = HE.sub(first, text, count=1)
    alike = [name for name in candidates if is_country(name) == is_country(first)]  # "they" are Xi and Putin, not Paris
    others = alike[1:3] if HE.search(question) else alike[:2]  # "he" and "them" are not the same
    pair = " and ".join(dict.fromkeys(others))
    return THEY.sub(pair, THEIR.sub(f"{pair}'s", text)) if pair else text


def _bearer(answer: str) -> str:
    """The first name of an answer, or the one that it only describes: "Ann Lee" of "Kentucky junior Ann Lee"."""
    first, *others = name_runs(answer)
    between = re.match(r" ((?:[a-z][\w-]* ){1,2})", answer[answer.find(first) + len(first) :])
    nouns = between[1].split() if between else []
    behind = answer[answer.find(first) + len(first) + len(between[0]) :] if between else ""
    described = others and nouns and not STOP.intersection(nouns) and behind.startswith(others[0])
    return others[0] if described else first


def _thing(question: str, earlier: str) -> str:
    """ "Where was it?" with what the earlier question ends in for "it", if that has all its names: "Where was the dust
    storm?"; else "".
    """
    main, _, topic = earlier.rstrip(" )?.!").partition(" (")
    found = THING.search(topic or main)
    its = [match for match in ITS.finditer(question) if not _bound(question, match, possessive=False)]
    if (
        not found
        or len(its) != 1
        or len(content(found["thing"])) < 2
        or name_runs(found["thing"]) != name_runs(earlier)
    ):
        return ""
    return f"{question[: its[0].start()]}{found['thing']}{question[its[0].end() :]}"


def _they(question: str, noun: str) -> str:
    return THEY.sub(noun, THEIR.sub(f"{noun}'", question))


def _named(question: str) -> str:
    """ "And the Koreans, what did they say?": "And what did the Koreans say?"."""
    told = SPOKEN_TO.match(question)
    pronoun = told and re.search(r"\b(?:they|he|she|it)\b", told["asked"])
    if not told or not pronoun:
        return question
    asked = told["asked"]
    return f"And {asked[: pronoun.start()]}{told['name']}{asked[pronoun.end() :]}"


def _woman(name: str) -> bool:
    return any(fold(word) in WOMEN for word in words(name))


def _owns(question: str, end: int) -> bool:
    following = words(question[end:])[:1]
    return bool(following) and fold(following[0]) not in STOP


def _topic(earlier: str, bare: str, answer: str | None) -> str:
    """The earlier question's words without its question word and what the follow-up already says."""
    said = {fold(word) for word in words(bare)}
    main, _, topic = earlier.partition(" (")
    if topic and len(content(main)) <= 1 and IT.search(main):  # "Whose idea was it (an office in Tokyo)": the office
        earlier = topic
    rest = QUESTION_WORDS.sub("", re.sub(r"\s*\(", ", ", earlier).replace(")", "")).rstrip(" ?.!")
    rest = re.sub(rf"^(?:{HELPER}|(?:please )?(?:tell me|describe|explain|list)(?: about)?)\s+", "", rest, flags=re.I)
    subject = ASKED_BEFORE.match(earlier.strip())
    noun = (subject["noun2"] or "").strip() if subject else ""
    if answer and name_runs(answer) and ASKS_PERSON.match(f"which {noun}"):  # "which country fell": "France fell"
        rest = f"{answer}{rest.removeprefix(noun)}"
    if all(fold(word) in said | STOP for word in words(rest)):
        rest = ""
    told = name_runs(answer or "") if ASKS_PERSON.match(earlier) else []
    extra = [run for run in told[:2] if run.lower() not in f"{bare} {rest}".lower()]
    return ", ".join(part for part in (rest.strip(" ,"), *extra) if part)
