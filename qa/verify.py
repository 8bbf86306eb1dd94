"""Is each sentence supported by what it cites? For a chat model's drafts; the reader's sentences are cut."""

from collections.abc import Callable, Sequence
from datetime import date

from qa.align import Differences, differences, nearest
from qa.when import MOMENT, resolve

ENOUGH = 0.4  # share of a sentence's words that its passages may lack, where no model reads them
SURE = 0.5  # least probability of support by the model

Supports = Callable[[Sequence[tuple[str, str]]], list[float]]  # (claim, text) -> how probably the text supports it


def supported(sentence: str, passages: Sequence[str], supports: Supports | None = None, told: str = "") -> bool:
    """Whether the cited passages hold the sentence's names, numbers, dates and negations, and say what it says.

    `told` is what is known of the passages beyond their words: title, day. Without a model the words must do.
    """
    text = "\n\n".join(passages)
    if not text.strip():
        return False
    found = differences(sentence, text, told)
    if contradicted(found):
        return False
    if supports is None:
        return found.uncovered <= ENOUGH
    return supports([(sentence, nearest(sentence, text))])[0] >= SURE


def contradicted(found: Differences) -> bool:
    """Whether a name, number, date or negation is not as the text has it."""
    return any(
        (
            found.numbers_missing,
            found.numbers_elsewhere,
            found.numbers_moved,
            found.names_missing,
            found.names_elsewhere,
            found.names_exchanged,
            found.names_crossed,
            found.dates_missing,
            found.negations,
        )
    )


def known(text: str, title: str, day: date | None) -> str:
    """What a passage tells beyond its words: its title, its article's day, and the days that "Monday" means in it."""
    if day is None:
        return title
    meant = (resolve(match.group(), day) for match in MOMENT.finditer(text))
    return "\n".join([title, f"{day:%A %-d %B %Y}", *dict.fromkeys(filter(None, meant))])
