"""Whether words of a sentence can be the answer to a question, by what they are and what stands beside them. Pure."""

import re
from itertools import takewhile

from ingest.article import Article
from qa.places import another_place
from qa.quantity import counts_beside
from qa.question import HOLDS, NAME_OF, ONE_OF, PERSONS, WHO_IS, Asked
from qa.when import BEFORE, MOMENT, MONTH, answers_when, moment
from qa.words import COUNTRY, STOP, fold, name_runs, names, numbers, stem, words

BEHIND = 60  # characters behind a span, or before it, in which a name may stand
SOME_NUMBER = re.compile(r"\b(?:several|dozens|hundreds|thousands|millions|half)\b", re.IGNORECASE)
NAMED = re.compile(  # a class whose members have names
    r"\b(?:what|which) (?!kind|sort|type)(?:[\w-]+ ){0,2}?(?:airline|album|bank|book|brand|city|club|college|company"
    r"|country|county|film|league|\w+maker|movie|nation|network|newspaper|novel|school|series|show|song"
    r"|state(?! (?:is|was|are|of))|team|town|university)\b",
    re.IGNORECASE,
)
DESCRIBED = re.compile(  # "American sprinter"; a "French president" is one man
    rf"\b(?:{'|'.join(sorted(one.title() for one in COUNTRY))})(?= [a-z])(?! (?:[a-z]+ )?(?:{PERSONS}))"
)
DATE = re.compile(rf"(?:on )?{MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?", re.IGNORECASE)  # counts nothing
BY_NAME = re.compile(  # then a name that ends like one of the question's may well be what is asked for
    r"\b(?:(?:full|first|middle|given|real|maiden) name|wife|husband|son|daughter|brother|sister|father|mother|parents?"
    r"|child(?:ren)?|cousin|nephew|niece|uncle|aunt|relatives?|family|or|vs?|versus|named (?:after|for)|between)\b",
    re.IGNORECASE,
)
HOW_LONG = re.compile(r"\bhow long\b", re.IGNORECASE)
LASTS = re.compile(r"\b(?:second|minute|hour|day|night|week|month|year|decade|centurie)s\b", re.IGNORECASE)
OF_HIS = re.compile(  # whose somebody is: "Trump ally Kari Lake"
    r"^(?:acolyte|adviser|advisor|aide|ally|appointee|backer|challenger|critic|donor|lawyer|loyalist|nominee|pick|rival"
    r"|spokes\w+|supporter|surrogate)(?:,| and)? "
)
ON_WHOSE_SIDE = re.compile(  # then he may be the answer
    r"\b(?:appoint|nominat|pick|cho+s|select|name|endors|back|support|represent|defen|advis|work|speak|whose)",
    re.IGNORECASE,
)
VIOLENCE = r"kill|murder|assassinat|stabb|attack|assault|kidnap|abduct"
DOER = re.compile(  # not "who was killed"
    r"\bwho (?:(?:is|was|were|are) (?:charged|accused|suspected|convicted|arrested)\b.* )?"
    rf"(?:(?:{VIOLENCE})\w*|shot|shooting)\b",
    re.IGNORECASE,
)
DONE_TO = re.compile(
    rf"\b(?:(?:{VIOLENCE})(?:ed|ing)|shot|shooting|(?:murder|death|assassination|killing) of) "
    r"(?:(?!(?:by|as|is|was|were|are|who|when|while|after|before|because|and|but|that|named)\b)[\w-]+ ){0,2}$",
    re.IGNORECASE,
)
CALLED = re.compile(r"[\w.’'-],? $")  # what may stand between a name and what it is called
CHOSEN = re.compile(  # then the name is an answer: "Who won Best Actor?"
    r"\b(?:wins?|won|winner|winning|named|nam(?:e|ing)|becom\w+|became|elect\w*|appoint\w*|cho+se\w*|crown\w*|select\w*"
    r"|pick\w*|play\w*|star\w*|replac\w*|succeed\w*|receiv\w*|g[eo]ts?|earn\w*|nominat\w*|draft\w*|vot\w+|which|what)\b",
    re.IGNORECASE,
)
WHOSE = re.compile(  # "Who is Harris's running mate?", "Who is the wife of Joe Biden?"
    rf"(?i:{WHO_IS.pattern}) (?:(?:the )?(?P<one>[^?]+?)(?:['’]s|(?<=s)['’]) [a-z]"
    r"|(?:the|an?) [a-z][a-z -]* (?:of|for|to) (?P<other>[A-Z][^?]*))",
)
ONE_OF_SOME = re.compile(rf"\b{ONE_OF}", re.IGNORECASE)
REPORTED = re.compile(r",? (?:first |also |has |had )?report(?:ed|s)[.,;]", re.IGNORECASE)
CITED = re.compile(r"\b(?:cited|quoted|reported|first published|obtained) by (?:the )?$", re.IGNORECASE)
REPORTING = re.compile(
    r"\b(?:report|cite|quote|publish|obtain|source|newspaper|outlet|media|br(?:oke|eak)|reveal|uncover|expos|leak|acqui|g[eo]t"
    r"|stop|ticket)",
    re.IGNORECASE,
)
WHICH_TEAM = re.compile(r"\b(?:what|which) (?:\w+ )?team\b", re.IGNORECASE)
LEAGUE = re.compile(
    r"(?:the )?(?:W?NBA|NFL|AFC|NFC|MLB|NHL|N?WSL|MLS|NCAA|[A-Z]\w+ League|Big (?:Ten|12|East)|SEC|ACC)(?: draft)?",
    re.I,
)
DONE = re.compile(  # a time at which a thing happened is asked for
    r"\W*(?:(?:and|so|but) )?(?:when|(?:(?:in|on|by|at) )?(?:what|which) (?:\w+ ){0,3}?\w+) (?:did|was|were|had)\b",
    re.IGNORECASE,
)
FORESEEN = re.compile(
    r"\b(?:expect(?:s|ed|ing)?|forecasts?|projected|predict(?:s|ed)|could|may|might|likely|on track|on course"
    r"|headed|heading|poised|barreling)\b"
)
PLANNED = re.compile(
    r"\b(?:will|would|could|may|might|expect\w*|schedul\w*|plan\w*|due|set to|set for(?=\W*$)|supposed|going to"
    r"|forecast\w*|predict\w*|project\w*|likely|next)\b",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[.!?][\"”’]?\s+(?=[A-Z\"“])")
THE = re.compile(r"\b(?:the|its|their|his|her|this|that|\w+['’]s) $", re.IGNORECASE)  # a noun must follow
LASTING = frozenset("season seasons summer winter holiday holidays weekend quarter term year school fiscal".split())
NOUNS_BEHIND = re.compile(r",? (?!to\b|and\b|or\b)[\w'’-]+(?: [\w'’-]+){0,3}")
CHOOSE = ("pick", "cho", "nam", "nominat", "select", "appoint", "tap", "hir", "elect")  # how words for one deed begin
OF_WHOM = re.compile(  # who had a thing done to him is asked for: "Who did Harris choose?", "Who was picked?"
    r"\bwhom? (?:(?:did|does|has|have|had|will) (?P<who>(?:[\w.'’-]+ ){1,4}?)(?P<done>[a-z]{3,})\b"
    r"|(?:was|were|is|are|(?:has|have|had) been|got) (?P<by>[a-z]+(?:ed|en|nt|ot))\b)",
    re.IGNORECASE,
)
DOES = re.compile(
    r",? (?:who |which )?(?:has |had |have )?(?:\w+ly )?(?!was\b|were\b)(?P<deed>[a-z]{3,})(?P<rest>[^.;]*)"
)
OBJECT = re.compile(r" (?:the|an?|his|her|their|its|two|three|former|[A-Z])")
NOW = re.compile(r"\W*(?:who|(?:which|what)(?: \w+){1,3}?)(?:['’]s| is| are) ", re.IGNORECASE)
UNTIL_LATELY = re.compile(
    r"\b(?:assassinat\w+|killing|death|murder|oust\w+|overthrow|firing|resignation|departure|arrest) of "
    r"(?:[\w'’-]+ ){0,4}$"
    r"|\b(?:killed|assassinated|ousted|overthrew|fired|toppled|succeed\w*|replac\w+) (?:[\w'’-]+ ){0,4}$",
    re.IGNORECASE,
)


def suits(asked: Asked, article: Article, start: int, end: int) -> bool:
    """Whether the words at [start, end) of an article can be the answer, by what they are and what is beside them."""
    text = article.text
    span, before, behind = text[start:end], text[max(0, start - BEHIND) : start], text[end : end + BEHIND]
    return (
        fits(asked, span)
        and not introduces(asked, behind)
        and not entitles(asked, span, text)
        and not suffers(asked, before)
        and not itself(asked, before)
        and not reports(asked, before, behind)
        and not counts_beside(asked.text, behind)
        and not until_lately(asked, before)
        and not does(asked, behind)
        and not of_a_name(asked, span, before, behind)
        and not (asked.ahead and _over(article, start, end))
        and not foreseen(asked, text[max(0, start - BEFORE) : start])
    )


def fits(asked: Asked, span: str) -> bool:
    """Whether words are of the kind asked for: a time for "when", a number for "how many", a name for "who".

    Words that only repeat the question are of no kind, unless it offers a choice.
    """
    said = {fold(word) for word in words(asked.text)}
    if "or" not in said and {fold(word) for word in words(span)} <= said | STOP:
        return False
    if asked.expects == "time":
        return answers_when(asked.text, span)
    if asked.expects == "number":
        lasts = HOW_LONG.search(asked.text) and LASTS.search(span)
        return bool(numbers(span) or lasts or SOME_NUMBER.search(span)) and not DATE.fullmatch(span.strip())
    if asked.expects == "person" and _himself(asked, span):
        return False
    if WHICH_TEAM.search(asked.text) and LEAGUE.fullmatch(span.strip()):
        return False
    if asked.expects == "any" and (fuller(asked, span) or (NAME_OF.search(asked.text) and not _named(asked, span))):
        return False
    if asked.expects == "any" and ONE_OF_SOME.search(asked.text) and DATE.fullmatch(span.strip()):
        return False
    if another_place(asked.text, span):
        return False
    if asked.expects in ("person", "place") or NAMED.search(asked.text):
        return _named(asked, span)
    return True


def _named(asked: Asked, span: str) -> bool:
    """Whether a span names somebody or something that the question does not: "the American sprinter" does not."""
    runs = [fold(word) for run in name_runs(DESCRIBED.sub(" ", span)) for word in words(run)]
    return not set(runs) <= asked.names


def fuller(asked: Asked, span: str) -> bool:
    """Whether a span gives a name of the question in full: "Kimberly Cheatle" for the director after Cheatle.

    Where the question asks for one of that name ("which Kennedy"), for kin or for one of several, it may be the answer.
    """
    runs = name_runs(span)
    if asked.defines or BY_NAME.search(asked.text) or len(runs) != 1 or len(words(runs[0])) < len(words(span)):
        return False
    short = [run for run in name_runs(asked.text) if runs[0].endswith(f" {run}")]
    return any(not re.search(rf"\b(?:what|which) {re.escape(run)}", asked.text, re.IGNORECASE) for run in short)


def _himself(asked: Asked, span: str) -> bool:
    """Whether a span names who is asked about: nobody meets himself, or is his own running mate."""
    told = set(names(span))
    if not WHO_IS.match(asked.text):
        return bool((asked.names - COUNTRY.keys()) & told)
    whose = WHOSE.match(asked.text)
    own = names(whose["one"] or whose["other"]) if whose else []
    return bool(own) and bool(told) and (told <= set(own) or names(span)[-len(own) :] == own)


def introduces(asked: Asked, behind: str) -> bool:
    """Whether a name of the question stands right behind a span, which is then that person's title and nobody else:
    "French Foreign Minister" before "Catherine Colonna" does not say whom she met, though it says who she is; nor does
    "Trump" in "Trump ally Kari Lake" say who beat her.
    """
    if asked.expects != "person" or WHO_IS.match(asked.text):
        return False
    then = behind.lstrip(" ,")
    then = then if ON_WHOSE_SIDE.search(asked.text) else OF_HIS.sub("", then)
    return any(then.startswith(name) for name in name_runs(asked.text))


def suffers(asked: Asked, before: str) -> bool:
    """Whether the words before a name say that the deed which the question asks the doer of was done to him: "the man
    suspected of killing Brian Thompson" does not say who is charged with killing the CEO.
    """
    return asked.expects == "person" and bool(DOER.search(asked.text)) and bool(DONE_TO.search(before))


def itself(asked: Asked, before: str) -> bool:
    """Whether the words right before a name call it what the question calls its own subject: "UnitedHealthcare CEO"
    before "Brian Thompson" does not say who killed the UnitedHealthcare CEO.
    """
    if asked.expects != "person" or WHO_IS.match(asked.text) or CHOSEN.search(asked.text):
        return False
    said, own = [fold(word) for word in words(before)[-2:]], words(asked.text)
    places = [at for at in range(len(own) - 1) if [fold(own[at]), fold(own[at + 1])] == said]
    called = bool(CALLED.search(before)) and not STOP.intersection(said)
    return called and any(at + 2 == len(own) or not own[at + 2][0].isupper() for at in places)


def reports(asked: Asked, before: str, behind: str) -> bool:
    """Whether a span is who reported a thing, by the words around it, where the question does not ask for that: ", the
    Los Angeles Times reported", "cited by Reuters".
    """
    return bool(CITED.search(before) or REPORTED.match(behind)) and not REPORTING.search(asked.text)


def entitles(asked: Asked, span: str, text: str) -> bool:
    """Whether a span is an office that the text calls a person of the question by, and so nobody else: where it has
    "UnitedHealthcare CEO Brian Thompson", the CEO did not kill Brian Thompson.
    """
    if asked.expects != "person" or WHO_IS.match(asked.text) or not HOLDS.search(span):
        return False
    plain = re.sub(r"^(?:the|an?) ", "", span.strip(), flags=re.IGNORECASE)
    return any(f"{plain} {name}" in text or f"{plain}, {name}" in text for name in name_runs(asked.text))


def until_lately(asked: Asked, before: str) -> bool:
    """Whether the words before a name say that he no longer holds what the question asks the present holder of."""
    return bool(
        asked.expects == "person" and NOW.match(asked.text) and HOLDS.search(asked.text) and UNTIL_LATELY.search(before)
    )


def does(asked: Asked, behind: str) -> bool:
    """Whether a span is who did what the question asks whom it was done to, by the words behind it: "Biden, who chose
    Harris" does not say whom Harris chose.
    """
    whom = OF_WHOM.search(asked.text) if asked.expects == "person" else None
    told = DOES.match(behind) if whom else None
    if whom is None or told is None or not _one_deed(whom["done"] or whom["by"], told["deed"]):
        return False
    if whom["by"]:
        return bool(OBJECT.match(told["rest"]))
    return bool(set(names(whom["who"])) & set(names(told["rest"])))


def _one_deed(one: str, other: str) -> bool:
    """Whether two verbs are forms of one, or both say that somebody is chosen."""
    chosen = [next((begin for begin in CHOOSE if verb.lower().startswith(begin)), "") for verb in (one, other)]
    return stem(one) == stem(other) or all(chosen)


def of_a_name(asked: Asked, span: str, before: str, behind: str) -> bool:
    """Whether a time is part of the name of another thing than the question's: "the Jan. 6, 2021, Capitol riot"."""
    if asked.expects != "time" or not MOMENT.fullmatch(span.strip()) or not THE.search(before):
        return False
    near = NOUNS_BEHIND.match(behind)
    nouns = list(takewhile(lambda word: fold(word) not in STOP, words(near.group()) if near else ()))
    return bool(nouns) and nouns[0] not in LASTING and not asked.stems & {stem(word) for word in nouns}


def foreseen(asked: Asked, before: str) -> bool:
    """Whether a time is one at which a thing was expected, where the question asks when it happened."""
    return happened(asked) and bool(FORESEEN.search(SENTENCE_END.split(before)[-1]))


def happened(asked: Asked) -> bool:
    """Whether a question asks when a thing happened."""
    return asked.expects == "time" and bool(DONE.match(asked.text)) and not PLANNED.search(asked.text)


def _over(article: Article, start: int, end: int) -> bool:
    """Whether a span is a time before its article's day."""
    before, behind = article.text[max(0, start - BEFORE) : start], article.text[end : end + BEHIND]
    told = moment(article.text[start:end], day := article.published.day, before, behind)
    if day is None or told is None or told.year is None:
        return False
    return (told.year, told.month or 12, told.day or 31) < (day.year, day.month, day.day)
