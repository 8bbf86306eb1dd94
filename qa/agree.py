"""What other independent sources say: the same, or another value of the same thing."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qa.answer import Citation, Disagreement, Sentence
from qa.cite import marked
from qa.compare import APART, DIFFER, SAME, compare, instant, mentions
from qa.draft import Draft, citation
from qa.evidence import Candidate
from qa.fit import fits, happened
from qa.kin import KIN, MEASURED, TOLD, around, days_apart, kinship, said, value_of
from qa.question import ONE_OF, Asked
from qa.reader import Span
from qa.retold import in_its_place
from qa.speech import speaker
from qa.when import looks_ahead, resolve, times
from qa.words import COUNTRY, STOP, content, fold, name_runs, names, numbers, words

SAME_NEWS = 14  # days
# "Which sport", "what is the profession of".
CLASS = re.compile(rf"\b{ONE_OF}|\bwhat (?:is|was|are|were) the (?:\w+ ){{1,3}}(?:of|for)\b", re.IGNORECASE)
BRIEF = 2  # words of content
OTHERS = 0.75  # of names_missing: one of two names is not mentioned
LONGEST = 10  # words of a number or time that can contradict another
OWN = 200  # days around an article's own within which a time that it tells is its own news
# What stands before a number and belongs to it: "more than 1,000".
BOUND = re.compile(
    r"\b(?:(?:more|fewer|less|greater|higher|lower|longer) than|at (?:least|most)|up to|as (?:many|much|few|little) as"
    r"|(?:just |well )?(?:over|under)|about|around|nearly|almost|approximately|roughly|close to|an estimated)"
    r" (?:an? )?[$€£¥]?$",
    re.IGNORECASE,
)
# A later source that says so, or counts more victims, goes on with the story: it does not contradict the earlier one.
GOES_ON = re.compile(
    r"\b(?:now|revised?|updated?|corrected|new (?:toll|count|figure|date)|up from|down from|instead|postponed|delayed"
    r"|(?:has|have) (?:risen|climbed|grown|reached|fallen)|ris(?:es|ing) to|rose to|climbs? to|grew to|moved to"
    r"|rescheduled|no longer|raised to|reached)\b",
    re.IGNORECASE,
)
VICTIMS = re.compile(
    r"\b(?:killed|dead|died|deaths?|death toll|toll|fatalities|injured|wounded|missing|hurt|infected|cases|displaced"
    r"|evacuated|homeless)\b",
    re.IGNORECASE,
)


def agreeing(asked: Asked, best: Candidate, ordered: list[Candidate], threshold: float) -> list[Candidate]:
    """What each other cluster says, where that is the same value, surest first."""
    sure = [one for one in ordered if one.probability >= threshold]
    found = [one for one in _spoken(asked, best, sure) if _relation(asked, best, one) == SAME]
    return sorted(found, key=lambda one: -one.probability)


def agree(asked: Asked, one: Candidate, other: Candidate) -> bool:
    """Whether two candidates give the same value."""
    return _relation(asked, one, other) == SAME


def differing(asked: Asked, best: Candidate, ordered: list[Candidate]) -> list[Candidate]:
    """What each other cluster says, where that is another value of the same thing, and what other tellings of the same
    story say in the same sentence.
    """
    spoken = [one for one in _spoken(asked, best, ordered) if _contradicts(asked, best, one)]
    return [*_retold(asked, best, ordered), *spoken]


def lately(asked: Asked, best: Candidate, others: Sequence[Candidate]) -> Candidate:
    """What to lead with: the newest of the others that reads as a later state of what the best one counts, as a toll
    that has risen; else the best one. Where a time is asked about, that alone decides.
    """
    if asked.expects != "number" or asked.window.bounded:
        return best
    later = [one for one in others if _updates(asked, one, best) and _rises(best, one)]
    return max(later, key=lambda one: one.article.published.day or date.min, default=best)


def _rises(one: Candidate, other: Candidate) -> bool:
    ours, theirs = numbers(one.words), numbers(other.words)
    return bool(ours and theirs) and theirs[0] > ours[0]


def _retold(asked: Asked, best: Candidate, ordered: list[Candidate]) -> list[Candidate]:
    """One candidate for each other value that articles of the best one's own cluster give in its very sentence."""
    value = said(asked, best)
    start = len(around(best, value)[0])
    found: list[Candidate] = []
    for one in ordered:
        if not value or cluster(one) != cluster(best) or one.article.id == best.article.id:
            continue
        if place := in_its_place(best.text, start, start + len(value), one.text):
            span = Span(one.start + place[0], one.start + place[1], best.span.score if best.span else 0.0)
            told = replace(one, span=span)
            if all(_relation(asked, each, told) == DIFFER for each in (best, *found)):
                found.append(told)
    return [one for one in found if _may_contradict(asked, best, one)]


def _spoken(asked: Asked, best: Candidate, ordered: list[Candidate]) -> list[Candidate]:
    """For each other cluster what it says: the same as the best one, if any sentence to the point does; else the
    candidate nearest to the best one, of those with a value that compares.
    """
    groups: dict[str, tuple[tuple[bool, float, bool], Candidate]] = {}
    others = [one for one in ordered if cluster(one) != cluster(best)]
    for one in others:
        related = [(form, _relation(asked, best, form)) for form in _forms(asked, one)]
        comparing = [(form, relation) for form, relation in related if relation != APART]
        near = kinship(asked, best, one) if comparing else 0.0
        for form, relation in comparing:
            rank = (relation == SAME and near >= KIN, near, relation == SAME or _may_contradict(asked, best, form))
            if cluster(one) not in groups or groups[cluster(one)][0] < rank:
                groups[cluster(one)] = (rank, form)
    return [one for _, one in groups.values()]


def _forms(asked: Asked, one: Candidate) -> list[Candidate]:
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


def with_disagreement(asked: Asked, draft: Draft, support: list[Candidate], others: list[Candidate]) -> Draft:
    """The draft with a sentence for each other value, and all values as rows, newest first."""
    count = len(draft.citations)
    extra = tuple(citation(count + n, one.article, *one.extent) for n, one in enumerate(others, start=1))
    further = tuple(Sentence(one.told, (cited.number,)) for one, cited in zip(others, extra, strict=True))
    cited = (*draft.citations, *extra)
    every = [*support, *others]
    rows = [_row(asked, one, mark, every) for one, mark in zip(every, cited, strict=True)]
    rows.sort(key=lambda row: row.published or "", reverse=True)
    listing: dict[tuple[str, str | int], Disagreement] = {}
    for row in rows:
        listing.setdefault((row.value, row.publisher or row.citation), row)  # what a publisher says twice, once
    rows = list(listing.values())
    listed = "; ".join(marked(_said(row), (row.citation,)) for row in rows)
    lines = (marked(one.text, one.citations) for one in further)
    text = "\n".join([draft.text, f"Sources disagree, newest first: {listed}", *lines])
    return Draft(text, draft.short, (*draft.sentences, *further), cited, tuple(rows), draft.note)


def said_by(asked: Asked, every: list[Candidate], ordered: list[Candidate], threshold: float) -> str:
    """How many independent sources give a value, for the user; articles of one story count once; "" for a lone article.

    `every` holds one candidate of each cluster that gives it, the best first.
    """
    best = every[0]
    told = [one for one in ordered if one.probability >= threshold and _relation(asked, best, one) == SAME]
    copies = {cluster(one): {other.article.id for other in told if cluster(other) == cluster(one)} for one in every}
    many = [len(articles) for articles in copies.values() if len(articles) > 1]
    if len(every) == 1 and not many:
        return ""
    sources = f"{len(every)} independent sources say so" if len(every) > 1 else "1 source says so"
    wires = f"{len(many)} wire {'story' if len(many) == 1 else 'stories'}"
    return f"{sources}; {sum(many)} articles carry {wires}, counted once." if many else f"{sources}."


def cluster(one: Candidate) -> str:
    """The story its article tells: articles of one cluster are one source."""
    return one.article.cluster or one.article.id


def dated(asked: Asked, best: Candidate, short: str | None) -> str:
    """The short answer, with the day that "Monday" means in an article of known date."""
    if asked.expects != "time" or not short:
        return f"{short}"
    meant = resolve(short, best.article.published.day, *around(best, short))
    if meant and short in meant:
        return meant  # "April" in an article of June 2025 is "April 2025"
    return f"{short} ({meant})" if meant else short


def claimed(asked: Asked, best: Candidate, short: str) -> str:
    """The short answer as the text opens with it: with its day, and with who says so where the article does not itself.

    Nothing is added where the question names the speaker, or asks for one.
    """
    told = dated(asked, best, short)
    if best.span is None or not short.endswith(best.words):
        return told
    who = speaker(best.text, best.span.start - best.start, best.span.end - best.start)
    known = {fold(word) for word in words(f"{asked.text} {told}")}
    if not who or any(fold(word) in known for word in words(who) if word[0].isupper()):
        return told
    return f"{told}, according to {who}"


def _row(asked: Asked, one: Candidate, mark: Citation, every: list[Candidate]) -> Disagreement:
    value = dated(asked, one, bounded(asked, one))
    update = any(_updates(asked, one, other) for other in every)
    return Disagreement(value, mark.publisher, mark.published, mark.number, update)


def _said(row: Disagreement) -> str:
    """ "55 million (Later, 2024-03-01; reads as an update)"."""
    where = ", ".join(part for part in (row.publisher or "publisher not named", row.published or "undated") if part)
    return f"{row.value} ({where}{'; reads as an update' if row.update else ''})"


def _updates(asked: Asked, one: Candidate, other: Candidate) -> bool:
    """Whether `one` is later than `other`, differs, and reads as the later state of the same thing."""
    ours, theirs = one.article.published.day, other.article.published.day
    if ours is None or theirs is None or ours <= theirs or _relation(asked, one, other) != DIFFER:
        return False
    return bool(GOES_ON.search(one.text) or VICTIMS.search(f"{asked.text} {one.text}"))


def compared(asked: Asked, best: Candidate, ordered: list[Candidate]) -> list[Candidate]:
    """What other clusters say that is the same as the best one, or contradicts it if it is of the very thing asked
    (`qa.kin` judges that).
    """
    others = (one for one in ordered if cluster(one) != cluster(best))
    forms = (form for one in others for form in _forms(asked, one))
    return [
        one
        for one in forms
        if agree(asked, best, one) or (_differs(asked, best, one) and _of_one_thing(asked, best, one))
    ]


def _contradicts(asked: Asked, best: Candidate, one: Candidate) -> bool:
    kin = _differs(asked, best, one) and kinship(asked, best, one) >= KIN
    return kin and _of_one_thing(asked, best, one)


def _differs(asked: Asked, best: Candidate, one: Candidate) -> bool:
    return _relation(asked, best, one) == DIFFER and _may_contradict(asked, best, one)


def _of_one_thing(asked: Asked, best: Candidate, one: Candidate) -> bool:
    """Whether nothing in the articles says that two values are of two things."""
    if _of_others(best, one):
        return False
    if asked.expects == "time":
        return not _each_its_own(asked, best, one) and not _foreseen(asked, best) and not _foreseen(asked, one)
    return bool(GOES_ON.search(one.text)) or not _both_given(asked, best, one)


def _may_contradict(asked: Asked, best: Candidate, one: Candidate) -> bool:
    """Whether both values are such as can contradict each other, and answer the question."""
    if asked.expects in MEASURED:
        return len(words(one.words)) <= LONGEST
    return fits(asked, best.words) and _is_another(asked, one.words) and _nameable(asked, best.words, one.words)


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


def _both_given(asked: Asked, one: Candidate, other: Candidate) -> bool:
    """Whether an article gives the other's number as well: it then tells of two things."""
    return mentions(one.article.text, value_of(asked, other)) or mentions(other.article.text, value_of(asked, one))


def _each_its_own(asked: Asked, one: Candidate, other: Candidate) -> bool:
    """Whether two articles long apart each tell of a day near their own: two events of one kind, not one disputed."""
    if days_apart(one, other) <= SAME_NEWS:
        return False
    days = [(each.article.published.day, instant(value_of(asked, each))) for each in (one, other)]
    return all(day and told and abs((told - day).days) <= OWN for day, told in days)


def _of_others(best: Candidate, one: Candidate) -> bool:
    """Whether an article does not mention half of those the question names, and the best one does: it is of others."""
    return one.features.names_missing - best.features.names_missing >= OTHERS


def _foreseen(asked: Asked, one: Candidate) -> bool:
    """Whether it gives a time at which the thing asked of as done was to be."""
    return happened(asked) and looks_ahead(value_of(asked, one).before)


def _relation(asked: Asked, one: Candidate, other: Candidate) -> str:
    ours, theirs = value_of(asked, one), value_of(asked, other)
    return compare(asked, ours, theirs) if ours.words and theirs.words else APART


def bounded(asked: Asked, one: Candidate) -> str:
    """The value that a candidate gives, of a number with what bounds it: "more than 1,000"; the article's own words."""
    if one.span is None or asked.expects != "number":
        return said(asked, one)
    bound = BOUND.search(one.article.text, one.start, one.span.start)
    return one.article.text[bound.start() if bound else one.span.start : one.span.end]
