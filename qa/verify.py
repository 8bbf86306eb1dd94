"""Is each sentence supported by what it cites? For a chat model's drafts; the reader's sentences are cut."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from qa.align import Differences, differences, nearest
from qa.when import MOMENT, resolve

ENOUGH = 0.4  # share of a sentence's words that its passages may lack, where no model reads them
SURE = 0.3  # least probability of support by the model: loses 1.5% of true sentences of 60 news articles, 3.5% at .4
CLOSE = 0.2  # share of new words up to which a sentence counts as the article's own, and every difference as a change

Supports = Callable[[Sequence[tuple[str, str]]], list[float]]  # (claim, text) -> how probably the text supports it


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence with the passages it cites; `told` is what is known of them beyond their words: title, day."""

    sentence: str
    passages: tuple[str, ...]
    told: str = ""

    @property
    def text(self) -> str:
        """All that is cited, as one text."""
        return "\n\n".join(self.passages)


def supported(sentence: str, passages: Sequence[str], supports: Supports | None = None, told: str = "") -> bool:
    """Whether the cited passages say what the sentence says; nothing cited supports nothing."""
    return check([Cited(sentence, tuple(passages), told)], supports)[0]


def check(found: Sequence[Cited], supports: Supports | None = None) -> list[bool]:
    """Whether each is supported: nothing in it is otherwise in its passages, and the model finds it said there.

    Without a model most of its words must stand there.
    """
    held = [differences(one.sentence, one.text, one.told) for one in found]
    left = [at for at, one in enumerate(found) if one.text.strip() and not changed(held[at], supports is None)]
    if supports is None:
        return [at in left and held[at].uncovered <= ENOUGH for at in range(len(found))]
    read = supports([(found[at].sentence, nearest(found[at].sentence, found[at].text)) for at in left])
    sure = {at for at, probability in zip(left, read, strict=True) if probability >= SURE}
    return [at in sure for at in range(len(found))]


def changed(found: Differences, strict: bool = False) -> bool:
    """Whether a number or date is unknown to the text or, in a sentence that keeps to its words, anything differs.

    Words of one's own bring names and negations of their own: `strict` minds those too, and names from further off.
    """
    invented = found.numbers_missing or found.numbers_elsewhere or found.dates_missing
    other = (
        found.numbers_moved or found.names_missing or found.names_exchanged or found.names_crossed or found.negations
    )
    kept = strict or found.unheld <= CLOSE
    return bool(invented or (other and kept) or (found.names_elsewhere and strict))


def known(text: str, title: str, day: date | None) -> str:
    """What a passage tells beyond its words: its title, its article's day, and the days that "Monday" means in it."""
    if day is None:
        return title
    meant = (resolve(match.group(), day) for match in MOMENT.finditer(text))
    return "\n".join([title, f"{day:%A %-d %B %Y}", *dict.fromkeys(filter(None, meant))])
