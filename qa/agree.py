"""What other independent sources say: the same, or another value of the same thing."""

import re

from qa.answer import Citation, Disagreement, Sentence
from qa.cite import marked
from qa.compare import APART, DIFFER, SAME, Value, compare
from qa.draft import Draft, citation
from qa.evidence import Candidate
from qa.question import Asked, fits
from qa.when import resolve
from qa.words import content, stem, vocabulary

KNOWN = 0.6  # share of the question's names that an article must know to contradict
# How surely a sentence is about the very thing asked: its probability and nearness to the question, each 0 to 1, and
# so much for the question's words in it, for words shared with the best one, for articles more than SAME_NEWS days apart.
HELD, LIKE, FAR, SAME_NEWS = 0.3, 0.5, -0.4, 14
KIN = 1.6  # from this sum on another value contradicts: chosen, with the shares, on half of eval/questions/conflicts.toml
KINDS = frozenset("year month day date time number amount percentage share city country place person name".split())
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
    """The best candidate of each further cluster that gives the same value, best first."""
    kept: dict[str, Candidate] = {cluster(best): best}
    for one in ordered:
        if one.probability >= threshold and cluster(one) not in kept and _relation(asked, best, one) == SAME:
            kept[cluster(one)] = one
    return [one for one in kept.values() if one is not best]


def differing(asked: Asked, best: Candidate, ordered: list[Candidate], threshold: float) -> list[Candidate]:
    """For each other cluster that nowhere gives the same value: the candidate most like the best that gives another."""
    groups: dict[str, list[Candidate]] = {}
    for one in ordered:
        if one.probability >= threshold and cluster(one) != cluster(best):
            groups.setdefault(cluster(one), []).append(one)
    found = []
    for group in groups.values():
        if all(_relation(asked, best, one) != SAME for one in group):
            others = [one for one in group if _contradicts(asked, best, one)]
            found += [max(others, key=lambda one: _kinship(asked, best, one))] if others else []
    return found


def with_disagreement(asked: Asked, draft: Draft, support: list[Candidate], others: list[Candidate]) -> Draft:
    """The draft with a sentence for each other value, and all values as rows, newest first."""
    count = len(draft.citations)
    extra = tuple(citation(count + n, one.article, one.told_from, one.end) for n, one in enumerate(others, start=1))
    further = tuple(Sentence(one.told, (cited.number,)) for one, cited in zip(others, extra, strict=True))
    cited = (*draft.citations, *extra)
    every = [*support, *others]
    rows = [_row(asked, one, mark, every) for one, mark in zip(every, cited, strict=True)]
    rows.sort(key=lambda row: row.published or "", reverse=True)
    listed = "; ".join(marked(_said(row), (row.citation,)) for row in rows)
    lines = (marked(one.text, one.citations) for one in further)
    text = "\n".join([draft.text, f"Sources disagree, newest first: {listed}", *lines])
    return Draft(text, draft.short, (*draft.sentences, *further), cited, tuple(rows), draft.note)


def cluster(one: Candidate) -> str:
    """The story its article tells: articles of one cluster are one source."""
    return one.article.cluster or one.article.id


def dated(asked: Asked, best: Candidate, short: str | None) -> str:
    """The short answer, with the day that "Monday" means in an article of known date."""
    if asked.expects != "time" or not short:
        return f"{short}"
    meant = resolve(short, best.article.published.day, _around(best, short)[0])
    if meant and short in meant:
        return meant  # "April" in an article of June 2025 is "April 2025"
    return f"{short} ({meant})" if meant else short


def _row(asked: Asked, one: Candidate, mark: Citation, every: list[Candidate]) -> Disagreement:
    value = dated(asked, one, _words(asked, one))
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


def _contradicts(asked: Asked, best: Candidate, one: Candidate) -> bool:
    if _relation(asked, best, one) != DIFFER:
        return False
    if asked.expects not in ("number", "time") and not (fits(asked, best.words) and fits(asked, one.words)):
        return False
    known = vocabulary(f"{one.article.title}\n{one.article.text}")
    return _share(asked.names, known) >= KNOWN and _kinship(asked, best, one) >= KIN


def _kinship(asked: Asked, best: Candidate, one: Candidate) -> float:
    here = vocabulary(f"{one.article.title}\n{one.article.text[one.before : one.end]}")
    others = asked.stems - {stem(name) for name in asked.names} - KINDS
    told = HELD * _share(others, here) + LIKE * _likeness(best, one)
    return one.probability + one.features.near + told + (0.0 if _same_news(best, one) else FAR)


def _same_news(one: Candidate, other: Candidate) -> bool:
    """Whether two articles are of about one time, as far as is known."""
    ours, theirs = one.article.published.day, other.article.published.day
    return ours is None or theirs is None or abs((ours - theirs).days) <= SAME_NEWS


def _likeness(one: Candidate, other: Candidate) -> float:
    """Share of words that two sentences have in common, 0 to 1."""
    ours, theirs = set(content(one.text)), set(content(other.text))
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def _share(wanted: frozenset[str], held: frozenset[str]) -> float:
    return sum(one in held for one in wanted) / len(wanted) if wanted else 1.0


def _relation(asked: Asked, one: Candidate, other: Candidate) -> str:
    ours, theirs = _value(asked, one), _value(asked, other)
    return compare(asked, ours, theirs) if ours.words and theirs.words else APART


def _words(asked: Asked, one: Candidate) -> str:
    return one.time if asked.expects == "time" else one.words


def _value(asked: Asked, one: Candidate) -> Value:
    words = _words(asked, one)
    before, behind = _around(one, words)
    return Value(words, before, behind, one.article.published.day)


def _around(one: Candidate, words: str) -> tuple[str, str]:
    """The sentence before and after its span, or before and after the words where they are not the span."""
    if one.span and words == one.words:
        return one.article.text[one.start : one.span.start], one.article.text[one.span.end : one.end]
    before, _, behind = one.text.partition(words) if words else ("", "", one.text)
    return before, behind
