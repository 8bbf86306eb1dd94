"""A chat model's draft made an answer: citations that exist, and every sentence checked against what it cites."""

from collections.abc import Iterator, Sequence

from ingest.article import Hit
from qa.answer import Sentence
from qa.cite import claims, marked
from qa.draft import Draft, citation
from qa.generate import Writer
from qa.prompts import REFUSAL
from qa.verify import Supports, supported

PASSAGES = 6  # passages a chat model is shown


def written(writer: Writer, supports: Supports | None, question: str, hits: Sequence[Hit]) -> Iterator[Draft | None]:
    """The draft as it grows, None for a refusal; ModelFailed when the model gives nothing usable."""
    shown = list(hits)[:PASSAGES]
    for text in writer.draft(question, shown):
        yield verified(text, shown, supports)


def verified(text: str, hits: Sequence[Hit], supports: Supports | None = None) -> Draft | None:
    """A chat model's text as a Draft: unknown marks stripped, unsupported sentences marked; None if it refused."""
    if REFUSAL.lower().rstrip(".") in text.lower():
        return None
    found, stripped = claims(text, len(hits))
    used = list(dict.fromkeys(number for claim in found for number in claim.numbers))
    renumbered = {number: place for place, number in enumerate(used, start=1)}
    cited = tuple(
        citation(renumbered[n], hits[n - 1].passage.article, hits[n - 1].passage.start, hits[n - 1].passage.end)
        for n in used
    )
    sentences = tuple(
        Sentence(
            claim.text,
            tuple(renumbered[n] for n in claim.numbers),
            supported(claim.text, [hits[n - 1].passage.text for n in claim.numbers], supports),
        )
        for claim in found
    )
    shown = " ".join(marked(one.text, one.citations) + ("" if one.supported else " [unsupported]") for one in sentences)
    note = f"{stripped} citation(s) of passages that do not exist were removed." if stripped else ""
    return Draft(shown, None, sentences, cited, note=note)
