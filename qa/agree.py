"""What other independent sources say: the same, or another value of the same thing."""

from qa.answer import Disagreement, Sentence
from qa.cite import marked
from qa.compare import differ, same
from qa.config import Config
from qa.draft import Draft, citation
from qa.evidence import Candidate
from qa.question import Asked
from qa.when import resolve


def agreeing(best: Candidate, ordered: list[Candidate], threshold: float, config: Config) -> list[Candidate]:
    """The best candidate of each further cluster that gives the same value, as many as are worth showing."""
    kept: list[Candidate] = []
    clusters = {best.article.cluster or best.article.id}
    for one in ordered[1:]:
        cluster = one.article.cluster or one.article.id
        if cluster not in clusters and one.probability >= threshold and one.span and same(best.words, one.words):
            clusters.add(cluster)
            kept.append(one)
    return kept[: config.most_support - 1]


def differing(asked: Asked, best: Candidate, ordered: list[Candidate], threshold: float) -> list[Candidate]:
    """The best candidate of each other cluster that gives another value of the same thing."""
    first: dict[str, Candidate] = {}
    for one in ordered:
        first.setdefault(one.article.cluster or one.article.id, one)
    return [
        one
        for one in first.values()
        if one.probability >= threshold and one.span and differ(asked, best.measured, one.measured)
    ]


def with_disagreement(asked: Asked, draft: Draft, support: list[Candidate], others: list[Candidate]) -> Draft:
    """The draft with a sentence for each other value, and all values as rows, newest first."""
    count = len(draft.citations)
    extra = tuple(citation(count + n, one.article, one.start, one.end) for n, one in enumerate(others, start=1))
    further = tuple(Sentence(one.told, (cited.number,)) for one, cited in zip(others, extra, strict=True))
    cited = (*draft.citations, *extra)
    rows = [
        Disagreement(dated(asked, one, one.words), mark.publisher, mark.published, mark.number)
        for one, mark in zip([*support, *others], cited, strict=True)
    ]
    rows.sort(key=lambda row: row.published or "", reverse=True)
    text = "\n".join([draft.text, "Sources disagree:", *(marked(one.text, one.citations) for one in further)])
    return Draft(text, draft.short, (*draft.sentences, *further), cited, tuple(rows))


def dated(asked: Asked, best: Candidate, short: str | None) -> str:
    """The short answer, with the day that "Monday" means in an article of known date."""
    meant = resolve(short or "", best.article.published.day) if asked.expects == "time" else ""
    if meant and (short or "") in meant:
        return meant  # "April" in an article of June 2025 is "April 2025"
    return f"{short} ({meant})" if meant else f"{short}"
