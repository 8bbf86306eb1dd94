"""Whether another source gives the same value, or another of the very thing asked. Pure."""

import re
from dataclasses import replace

from qa.compare import APART, DIFFER, SAME, compare, instant
from qa.evidence import Candidate
from qa.fit import fits, happened
from qa.kin import KIN, MEASURED, TOLD, around, days_apart, kinship, said, value_of
from qa.question import ONE_OF, Asked
from qa.reader import Span
from qa.when import looks_ahead, times
from qa.words import COUNTRY, STOP, content, fold, name_runs, names, numbers, words

SAME_NEWS = 14  # days
# "Which sport", "what is the profession of".
CLASS = re.compile(rf"\b{ONE_OF}|\bwhat (?:is|was|are|were) the (?:\w+ ){{1,3}}(?:of|for)\b", re.IGNORECASE)
BRIEF = 2  # words of content
LONGEST = 10  # words of a number or time that can contradict another, up to a comma
OWN = 200  # days around an article's own within which a time that it tells is its own news


def cluster(one: Candidate) -> str:
    """The story its article tells: articles of one cluster are one source."""
    return one.article.cluster or one.article.id


def relation(asked: Asked, one: Candidate, other: Candidate) -> str:
    """SAME, DIFFER or APART: how the values of two candidates compare; APART where one gives none."""
    ours, theirs = value_of(asked, one), value_of(asked, other)
    return compare(asked, ours, theirs) if ours.words and theirs.words else APART


def agree(asked: Asked, one: Candidate, other: Candidate) -> bool:
    """Whether two candidates give the same value."""
    return relation(asked, one, other) == SAME


def contradicts(asked: Asked, best: Candidate, one: Candidate) -> bool:
    """Whether a candidate gives another value of the very thing that the best one answers."""
    kin = _differs(asked, best, one) and kinship(asked, best, one) >= KIN
    return kin and _of_one_event(asked, best, one)


def compared(asked: Asked, best: Candidate, ordered: list[Candidate]) -> list[Candidate]:
    """What other clusters say that is the same as the best one, or contradicts it if it is of the very thing asked
    (`qa.kin` judges that).
    """
    others = (form for one in ordered if cluster(one) != cluster(best) for form in forms(asked, one))
    return [
        one
        for one in others
        if agree(asked, best, one) or (_differs(asked, best, one) and _of_one_event(asked, best, one))
    ]


def forms(asked: Asked, one: Candidate) -> list[Candidate]:
    """The candidate with what its source answers to the answer itself, and as it was found; where that is only when
    something was said, with the other times of its sentence.
    """
    forms = [replace(one, span=one.echo.span), one] if one.echo else [one]
    if asked.expects != "time" or not all(_of_telling(asked, form) for form in forms):
        return forms
    spans = (Span(one.start + match.start(), one.start + match.end(), 0.0) for match in times(one.text))
    others = [replace(one, span=span) for span in spans]
    return [form for form in others if fits(asked, form.words) and not _of_telling(asked, form)] or forms


def _of_telling(asked: Asked, one: Candidate) -> bool:
    """Whether the time that a candidate gives is the one at which its source spoke: "said on Monday"."""
    return bool(TOLD.search(around(one, said(asked, one))[0]))


def _differs(asked: Asked, best: Candidate, one: Candidate) -> bool:
    return relation(asked, best, one) == DIFFER and may_contradict(asked, best, one)


def may_contradict(asked: Asked, best: Candidate, one: Candidate) -> bool:
    """Whether both values are such as can contradict each other, and answer the question."""
    if asked.expects in MEASURED:
        first = one.words.partition(", ")[0]
        return len(words(first if numbers(first) else one.words)) <= LONGEST
    return fits(asked, best.words) and _is_another(asked, one.words) and _nameable(asked, best.words, one.words)


def _of_one_event(asked: Asked, best: Candidate, one: Candidate) -> bool:
    """Whether two times may be of one event; True where none is asked for."""
    if asked.expects != "time":
        return True
    return not _each_its_own(asked, best, one) and not _foreseen(asked, best) and not _foreseen(asked, one)


def _is_another(asked: Asked, span: str) -> bool:
    """Whether a span can be another name for what is asked: none of those that the question names.

    Where it lies does not count: "Bend, Oregon" is another town in Oregon, and the "Israel Prize" a prize in Israel.
    """
    given = set(names(span.partition(",")[0]))
    known = given & asked.names
    return fits(asked, span) and (not known or (known <= COUNTRY.keys() and known < given))


def _nameable(asked: Asked, *spans: str) -> bool:
    """Whether spans are numbers, names with one word beside at most, or brief where a question asks for one of a class.

    Other phrases differ without contradicting each other.
    """
    if all(numbers(span) for span in spans):
        return True
    beside = [[word for word in words(span) if word[0].islower() and fold(word) not in STOP] for span in spans]
    if all(name_runs(span) and len(more) <= 1 for span, more in zip(spans, beside, strict=True)):
        return True
    return bool(CLASS.search(asked.text)) and all(len(content(span)) <= BRIEF for span in spans)


def _each_its_own(asked: Asked, one: Candidate, other: Candidate) -> bool:
    """Whether two articles long apart each tell of a day near their own: two events of one kind, not one disputed."""
    if days_apart(one, other) <= SAME_NEWS:
        return False
    days = [(each.article.published.day, instant(value_of(asked, each))) for each in (one, other)]
    return all(day and told and abs((told - day).days) <= OWN for day, told in days)


def _foreseen(asked: Asked, one: Candidate) -> bool:
    """Whether it gives a time at which the thing asked of as done was to be."""
    return happened(asked) and looks_ahead(value_of(asked, one).before)
