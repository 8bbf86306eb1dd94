"""The hard bounds of a question: days and publishers that an answer may come from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from ingest.article import Hit
from ingest.errors import UserError
from ingest.store import Store


@dataclass(frozen=True, slots=True)
class Limits:
    """The days and publishers an answer may come from, and the day "last June" is counted from."""

    today: date
    since: date | None = None
    until: date | None = None
    publishers: frozenset[str] = frozenset()  # as the store spells them; empty: any

    @property
    def none(self) -> bool:
        """Whether every article may answer."""
        return not (self.since or self.until or self.publishers)

    def keep(self, hit: Hit) -> bool:
        """Whether a passage's article lies within the bounds; undated ones are kept, and shown as undated."""
        article = hit.passage.article
        if self.publishers and article.publisher not in self.publishers:
            return False
        day = article.published.day
        return day is None or ((self.since is None or day >= self.since) and (self.until is None or day <= self.until))

    @property
    def words(self) -> str:
        """The bounds for the user; "" for none."""
        parts = [f"from {self.since}" if self.since else "", f"until {self.until}" if self.until else ""]
        parts += [f"by {' or '.join(sorted(self.publishers))}" if self.publishers else ""]
        return ", ".join(filter(None, parts))


def publishers_of(store: Store) -> Counter[str]:
    """How many articles each publisher has; those that name none are left out. About a second for 25,000 articles."""
    return Counter(article.publisher for article in store.articles() if article.publisher)


def named(known: Iterable[str], names: Sequence[str]) -> tuple[str, ...]:
    """The publishers as the store spells them, whatever the case; UserError for one that it does not hold."""
    spelt: dict[str, list[str]] = {}
    for one in known:
        spelt.setdefault(_plain(one), []).append(one)
    missing = next((name for name in names if _plain(name) not in spelt), None)
    if missing is not None:
        near = [spelt[one][0] for one in _like(_plain(missing), spelt)]
        hint = f"; there is {', '.join(near)}" if near else ""
        raise UserError(f"No article here names {missing[:80]!r} as its publisher{hint}.")
    return tuple(dict.fromkeys(one for name in names for one in spelt[_plain(name)]))


def _like(name: str, known: Iterable[str]) -> list[str]:
    """At most three known names that hold it, or else look like it."""
    known = list(known)
    held = [one for one in known if name and name in one]
    return sorted(held, key=len)[:3] or get_close_matches(name, known, 3)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
