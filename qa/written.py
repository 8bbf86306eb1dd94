"""A chat model's draft made an answer: citations that exist, and every sentence checked against what it cites."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from ingest.article import Hit
from qa.answer import Sentence
from qa.cite import Claim, claims, marked
from qa.draft import Draft, citation
from qa.generate import ModelFailed, Writer
from qa.prompts import REFUSAL
from qa.verify import Supports, known, supported

PASSAGES = 6  # passages a chat model is shown
SAYS_NOT = REFUSAL.rstrip(".").casefold()

Judge = Callable[[Claim], bool]


def written(writer: Writer, supports: Supports | None, question: str, hits: Sequence[Hit]) -> Iterator[Draft | None]:
    """The draft as it grows, None for a refusal; ModelFailed when the model gives nothing usable.

    Each sentence is judged once, when it is whole: the last one only when the model has stopped.
    """
    shown = list(hits)[:PASSAGES]
    judge = cache(_judge(shown, supports))
    text = ""
    for text in writer.draft(question, shown):
        if not SAYS_NOT.startswith(text.strip().casefold()):
            yield _draft(text, shown, _but_the_last(judge, claims(text, len(shown))[0][-1:]))
    if not claims(text, len(shown))[0]:
        raise ModelFailed("it wrote no sentence")
    yield _draft(text, shown, judge)


def _but_the_last(judge: Judge, growing: Sequence[Claim]) -> Judge:
    return lambda claim: claim in growing or judge(claim)


def verified(text: str, hits: Sequence[Hit], supports: Supports | None = None) -> Draft | None:
    """A chat model's text as a Draft: unknown marks stripped, unsupported sentences marked; None if it refused."""
    return _draft(text, hits, _judge(hits, supports))


def _judge(hits: Sequence[Hit], supports: Supports | None) -> Judge:
    def judge(claim: Claim) -> bool:
        cited = [hits[number - 1].passage for number in claim.numbers]
        told = "\n".join(known(one.text, one.article.title, one.article.published.day) for one in cited)
        return supported(claim.text, [one.text for one in cited], supports, told)

    return judge


def _draft(text: str, hits: Sequence[Hit], judge: Judge) -> Draft | None:
    found, stripped = claims(text, len(hits))
    if not found or (found[0].text.casefold().startswith(SAYS_NOT) and not any(claim.numbers for claim in found)):
        return None
    used = list(dict.fromkeys(number for claim in found for number in claim.numbers))
    renumbered = {number: place for place, number in enumerate(used, start=1)}
    cited = tuple(
        citation(renumbered[n], hits[n - 1].passage.article, hits[n - 1].passage.start, hits[n - 1].passage.end)
        for n in used
    )
    sentences = tuple(
        Sentence(claim.text, tuple(renumbered[n] for n in claim.numbers), judge(claim)) for claim in found
    )
    shown = " ".join(marked(one.text, one.citations) + ("" if one.supported else " [unsupported]") for one in sentences)
    return Draft(shown, None, sentences, cited, note=_told(stripped))


def _told(stripped: int) -> str:
    if stripped > 1:
        return f"{stripped} citations of passages that do not exist were removed."
    return "1 citation of a passage that does not exist was removed." if stripped else ""
