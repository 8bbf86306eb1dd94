"""From candidate sentences to an answer: a fact with its support, or sentences of several articles by date."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from ingest.article import Hit
from qa.agree import agreeing, bounded, claimed, differing, lately, said_by, with_disagreement
from qa.answer import Citation, Sentence
from qa.cite import marked
from qa.config import Config
from qa.draft import Draft, citation, on_day
from qa.evidence import Candidate
from qa.fit import fits
from qa.overview import about, telling
from qa.question import WHOLE, Asked
from qa.rival import agree
from qa.speech import asks_who_says, names_speaker
from qa.words import content

SPAN, SURE_SPAN = -6.0, -2.0  # least margins of a span shown for who, where, when, how many; for any other question
FURTHER = 0.5  # what a sentence is worth for each better one of its article, in an answer from several
LEAST = 0.25  # worth of a sentence that joins such an answer, beside the best one's probability
NEARLY = 0.7  # of the best sentence's probability: another of its article then joins it
# Or where the reader is so sure that it answers, too: chosen on 76 held-out questions with long answers, of whose
# answering sentences .84 are told (.77 without), while .89 of those told answer (.92 without).
ANSWERS = 0.3
TOGETHER = 3  # sentences told together


def nearest(hits: Iterable[Hit], count: int) -> tuple[Citation, ...]:
    """The first passages of a ranking as citations, for a refusal to show."""
    kept = list(hits)[:count]
    return tuple(
        citation(n, hit.passage.article, hit.passage.start, hit.passage.end) for n, hit in enumerate(kept, start=1)
    )


def fact(asked: Asked, ordered: list[Candidate], threshold: float, config: Config) -> Draft | None:
    """The best candidate's span and sentence, with one more citation for each independent source that says the same.

    Without a span (why, how, what did X say) further sentences of the same article join, when they answer too.
    None for a "when" that neither the sentence nor its article's date can tell.
    """
    if asked.expects == "time":
        ordered = timed_first(ordered, threshold)
    best = ordered[0]
    if asked.expects == "time" and not best.time and best.article.published.day is None:
        return None
    short, sure = _short(asked, best)
    others = differing(asked, best, ordered) if short and not asked.defines else []
    if (newest := lately(asked, best, others)) is not best:
        others = [one for one in (best, *others) if one is not newest and not agree(asked, newest, one)]
        best, short, sure = newest, bounded(asked, newest), True
    every = [best, *agreeing(asked, best, ordered, threshold)] if short else []
    if not (short and (sure or others)):
        return _told([[one] for one in _together(ordered)])
    support = every[: config.most_support]
    told, note = _told([support]), said_by(asked, every, ordered, threshold)
    draft = replace(told, text=f"{claimed(asked, best, short)} — {told.text}", short=short, note=note)
    return with_disagreement(asked, draft, support, others) if others else draft


def many(ordered: list[Candidate], config: Config) -> Draft:
    """Two to five sentences, different articles first, in order of date; a repetition only adds its citation."""
    groups = list(_chosen(ordered, config))
    groups.sort(key=lambda group: (group[0].article.published.day or date.max, ordered.index(group[0])))
    days = {group[0].article.published.day for group in groups} - {None}
    return _told(groups, dated=len(days) > 1)


def overview(asked: Asked, hits: Sequence[Hit], ordered: list[Candidate]) -> Draft | None:
    """Sentences of the articles about a topic, in order of date, newest first for "the latest"; None if none is."""
    sentences: list[Candidate] = []
    for one in telling(asked, about(asked, hits), ordered):
        if not any(_alike(one.text, other.text) for other in sentences):
            sentences.append(one)
    if not sentences:
        return None
    days = {one.article.published.day or date.max for one in sentences}
    latest = -1 if asked.window.latest else 1
    sentences.sort(
        key=lambda one: (latest * (one.article.published.day or date.max).toordinal(), one.article.id, one.start)
    )
    return _told([[one] for one in sentences], dated=len(days) > 1)


def _told(groups: list[list[Candidate]], dated: bool = False) -> Draft:
    """One sentence a group, a line each, cited from every candidate of the group; a `dated` line begins with the day
    that its article was published.
    """
    sentences: list[Sentence] = []
    cited: list[Citation] = []
    for group in groups:
        first = len(cited) + 1
        cited += [citation(first + n, one.article, *one.extent) for n, one in enumerate(group)]
        sentences.append(Sentence(group[0].told, tuple(range(first, len(cited) + 1))))
    days = [on_day(group[0].article) for group in groups]
    lines = [marked(one.text, one.citations) for one in sentences]
    text = "\n".join(f"{day}: {line}" if dated else line for day, line in zip(days, lines, strict=True))
    return Draft(text, None, tuple(sentences), tuple(cited))


def timed_first(ordered: list[Candidate], threshold: float) -> list[Candidate]:
    """For "when": the first nearly as sure candidate that names a time comes to the front."""
    floor = max(threshold, NEARLY * ordered[0].probability)
    timed = next((one for one in ordered if one.time and one.probability >= floor), ordered[0])
    return [timed, *(one for one in ordered if one is not timed)]


def _together(ordered: list[Candidate]) -> list[Candidate]:
    """The best candidate, with others of its article that are nearly as sure or that the reader finds answering, in the
    text's order.

    One whose words begin with another's, which it leans on, stands for both.
    """
    best = ordered[0]
    floor = NEARLY * best.probability
    told = [best]
    for one in ordered[1:]:
        answers = one.probability >= floor or one.features.sentence >= ANSWERS
        if one.article.id != best.article.id or not answers:
            continue
        apart = [other for other in told if not _within(other, one)]
        if len(apart) < TOGETHER and not any(_overlap(one, other) for other in apart):
            told = [*apart, one]
    return sorted(told, key=lambda one: one.start)


def _within(one: Candidate, other: Candidate) -> bool:
    """Whether the words to show of one lie in those of the other."""
    return other.extent[0] <= one.extent[0] and one.extent[1] <= other.extent[1]


def _overlap(one: Candidate, other: Candidate) -> bool:
    (first, last), (start, end) = one.extent, other.extent
    return first < end and start < last


def grow(draft: Draft) -> Iterator[str]:
    """The draft's text as it is shown while it streams: the short answer first, then sentence by sentence."""
    if draft.short:
        yield draft.text[: draft.text.find(" — ")]
    end = 0
    for sentence in draft.sentences:
        end = draft.text.find(sentence.text, end) + len(sentence.text)
        yield draft.text[:end]


def _half_quoted(words: str) -> bool:
    """Whether words begin or end inside a quotation that the other end lies out of."""
    return bool(words.count('"') % 2 or words.count("“") != words.count("”"))


def _short(asked: Asked, best: Candidate) -> tuple[str, bool]:
    """The span, "" if the question wants none, and whether the reader alone is sure enough of it.

    The sentence answers, so the reader's doubts about its span count for little; where another source contradicts it,
    they do not count at all.
    """
    if asked.options:
        return best.words, True
    if asked.expects == "time":
        return best.time, True
    if asks_who_says(asked.text) and (who := names_speaker(best.text)):
        return who, True
    if asked.expects in WHOLE or best.span is None or not fits(asked, best.words) or _half_quoted(best.words):
        return "", False
    return bounded(asked, best), best.span.score >= (SURE_SPAN if asked.expects == "any" else SPAN)


def _chosen(ordered: list[Candidate], config: Config) -> Iterator[list[Candidate]]:
    """Groups of sentences that say the same, best first; each further one of an article is worth half as much."""
    best = ordered[0].probability
    rounds: dict[str, int] = {}
    worth: list[tuple[float, int]] = []
    for index, one in enumerate(ordered):
        depth = rounds[one.article.id] = rounds.get(one.article.id, 0) + 1
        value = one.probability * FURTHER ** (depth - 1)
        if index == 0 or value >= best * LEAST:
            worth.append((value if index else 1.0, index))
    groups: list[list[Candidate]] = []
    for _, index in sorted(worth, key=lambda one: (-one[0], one[1])):
        one = ordered[index]
        twin = next((group for group in groups if _alike(group[0].text, one.text)), None)
        if twin is not None:
            if all(one.article.id != other.article.id for other in twin):
                twin.append(one)
        elif len(groups) < config.most_sentences:
            groups.append([one])
    yield from groups


def _alike(one: str, other: str) -> bool:
    """Whether two sentences share most of their content stems: Jaccard at least one half."""
    ours, theirs = set(content(one)), set(content(other))
    return len(ours & theirs) >= 0.5 * len(ours | theirs) if ours | theirs else True
