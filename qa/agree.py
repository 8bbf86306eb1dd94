"""What other independent sources say, and how an answer tells it: the same, or another value of the same thing."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qa.answer import Citation, Disagreement, Sentence
from qa.cite import marked
from qa.compare import APART, DIFFER, SAME
from qa.draft import Draft, citation
from qa.evidence import Candidate
from qa.kin import GOES_ON, KIN, around, kinship, said
from qa.question import Asked
from qa.reader import Span
from qa.retold import in_its_place
from qa.rival import cluster, contradicts, forms, may_contradict, relation
from qa.speech import speaker
from qa.when import resolve
from qa.words import fold, numbers, words

# What stands before a number and belongs to it: "more than 1,000".
BOUND = re.compile(
    r"\b(?:(?:more|fewer|less|greater|higher|lower|longer) than|at (?:least|most)|up to|as (?:many|much|few|little) as"
    r"|(?:just |well )?(?:over|under)|about|around|nearly|almost|approximately|roughly|close to|an estimated)"
    r" (?:an? )?[$€£¥]?$",
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
    found = [one for one in _spoken(asked, best, sure) if relation(asked, best, one) == SAME]
    return sorted(found, key=lambda one: -one.probability)


def differing(asked: Asked, best: Candidate, ordered: list[Candidate]) -> list[Candidate]:
    """What each other cluster says, where that is another value of the same thing, and what other tellings of the same
    story say in the same sentence.
    """
    spoken = [one for one in _spoken(asked, best, ordered) if contradicts(asked, best, one)]
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
            if all(relation(asked, each, told) == DIFFER for each in (best, *found)):
                found.append(told)
    return [one for one in found if may_contradict(asked, best, one)]


def _spoken(asked: Asked, best: Candidate, ordered: list[Candidate]) -> list[Candidate]:
    """For each other cluster what it says: the same as the best one, if any sentence to the point does; else the
    candidate nearest to the best one, of those with a value that compares.
    """
    groups: dict[str, tuple[tuple[bool, float, bool], Candidate]] = {}
    others = [one for one in ordered if cluster(one) != cluster(best)]
    for one in others:
        related = [(form, relation(asked, best, form)) for form in forms(asked, one)]
        comparing = [(form, how) for form, how in related if how != APART]
        near = kinship(asked, best, one) if comparing else 0.0
        for form, how in comparing:
            rank = (how == SAME and near >= KIN, near, how == SAME or may_contradict(asked, best, form))
            if cluster(one) not in groups or groups[cluster(one)][0] < rank:
                groups[cluster(one)] = (rank, form)
    return [one for _, one in groups.values()]


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
    told = [one for one in ordered if one.probability >= threshold and relation(asked, best, one) == SAME]
    copies = {cluster(one): {other.article.id for other in told if cluster(other) == cluster(one)} for one in every}
    many = [len(articles) for articles in copies.values() if len(articles) > 1]
    if len(every) == 1 and not many:
        return ""
    sources = f"{len(every)} independent sources say so" if len(every) > 1 else "1 source says so"
    wires = f"{len(many)} wire {'story' if len(many) == 1 else 'stories'}"
    return f"{sources}; {sum(many)} articles carry {wires}, counted once." if many else f"{sources}."


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
    if ours is None or theirs is None or ours <= theirs or relation(asked, one, other) != DIFFER:
        return False
    return bool(GOES_ON.search(one.text) or VICTIMS.search(f"{asked.text} {one.text}"))


def bounded(asked: Asked, one: Candidate) -> str:
    """The value that a candidate gives, of a number with what bounds it: "more than 1,000"; the article's own words."""
    if one.span is None or asked.expects != "number":
        return said(asked, one)
    bound = BOUND.search(one.article.text, one.start, one.span.start)
    return one.article.text[bound.start() if bound else one.span.start : one.span.end]
