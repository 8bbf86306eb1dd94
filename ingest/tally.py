"""What happened to each article of a run."""

from dataclasses import dataclass, field

OUTCOMES = ("added", "unchanged", "updated", "removed", "duplicate", "failed")
RENAMED = "renamed"  # the reason of what is unchanged under another path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article, or of a file nothing could be read from."""

    outcome: str  # one of OUTCOMES
    source: str
    reason: str = ""
    article: str = ""  # its id; for a duplicate, that of the article it repeats


@dataclass(slots=True)
class Tally:
    """Everything that happened in a run, by file."""

    files: dict[str, list[Outcome]] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def outcomes(self) -> list[Outcome]:
        """One for each article."""
        return [one for found in self.files.values() for one in found]

    def count(self, outcome: str) -> int:
        """How many articles had this outcome."""
        return sum(1 for one in self.outcomes if one.outcome == outcome)

    def to_json(self) -> dict[str, float]:
        """The command line's contract."""
        return {**{name: self.count(name) for name in OUTCOMES}, "seconds": round(self.seconds, 3)}
