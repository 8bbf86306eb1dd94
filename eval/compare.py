"""Two runs over the same questions, question by question: `python -m eval compare A B`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from eval.lines import read_objects
from eval.metrics import interval, mean
from eval.report import ROWS
from ingest.errors import UserError

SAME = ("question", "history", "refuse", "accepted", "gold")  # what makes a question, and its right answer, the same
NEEDED = ("id", *SAME, "values")
WIDEST = 60  # characters of an answer shown

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Paired:
    """One measure's values of the questions it concerns in both runs, in the same order."""

    measure: str
    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def differences(self) -> list[float]:
        """What each question gained."""
        return [after - before for before, after in zip(self.before, self.after, strict=True)]

    def to_json(self) -> dict[str, float]:
        """Both means, the mean difference with its 95% interval, and how many questions won, lost and tied."""
        differences = self.differences
        low, high = interval(differences)
        return {
            "a": round(mean(self.before), 4),
            "b": round(mean(self.after), 4),
            "difference": round(mean(differences), 4),
            "low": round(low, 4),
            "high": round(high, 4),
            "wins": sum(one > 0 for one in differences),
            "losses": sum(one < 0 for one in differences),
            "ties": sum(one == 0 for one in differences),
        }


def load_run(path: Path) -> dict[str, Row]:
    """The rows of a results folder, or of its rows.jsonl, by the question's id; UserError when there are none."""
    file = path / ROWS if path.is_dir() else path
    if not file.is_file():
        raise UserError(f"{path} holds no {ROWS}: name a folder that python -m eval --out wrote.")
    rows = read_objects(file)
    bad = next((number for number, row in enumerate(rows, start=1) if not _sound(row)), None)
    if bad:
        raise UserError(f"{file}, line {bad} is not a row of python -m eval.")
    return {row["id"]: row for row in rows}


def check_same(before: Mapping[str, Row], after: Mapping[str, Row]) -> None:
    """UserError when the two runs were not over the same questions, judged by the same answers."""
    alone = sorted(set(before) ^ set(after))
    if alone:
        raise UserError(f"The sets differ: {len(alone)} questions stand in one of them only, such as {alone[0]}.")
    changed = [name for name, row in before.items() if any(row[key] != after[name][key] for key in SAME)]
    if changed:
        raise UserError(
            f"The sets differ: {len(changed)} questions or their answers were changed, such as {changed[0]}."
        )


def pair(before: Mapping[str, Row], after: Mapping[str, Row]) -> dict[str, Paired]:
    """Every measure that both runs have, by its name."""
    names = dict.fromkeys(name for row in before.values() for name in row["values"])
    both = {
        measure: [name for name in before if measure in before[name]["values"] and measure in after[name]["values"]]
        for measure in names
    }
    return {
        measure: Paired(
            measure,
            tuple(before[name]["values"][measure] for name in ids),
            tuple(after[name]["values"][measure] for name in ids),
        )
        for measure, ids in both.items()
        if ids
    }


def changed(before: Mapping[str, Row], after: Mapping[str, Row], measure: str) -> list[str]:
    """The ids of the questions whose value differs, losses first, then in order."""
    gains = {
        name: after[name]["values"][measure] - row["values"][measure]
        for name, row in before.items()
        if measure in row["values"] and measure in after[name]["values"]
    }
    return sorted((name for name, gain in gains.items() if gain), key=lambda name: gains[name] > 0)


def table(pairs: Mapping[str, Paired]) -> Table:
    """A line per measure."""
    made = Table("measure", "A", "B", "B - A", "95% interval", "wins", "losses", "ties", box=SIMPLE)
    for name, one in pairs.items():
        row = one.to_json()
        span = f"{row['low']:+.3f} to {row['high']:+.3f}"
        counts = [f"{row[key]:.0f}" for key in ("wins", "losses", "ties")]
        made.add_row(escape(name), f"{row['a']:.3f}", f"{row['b']:.3f}", f"{row['difference']:+.3f}", span, *counts)
    return made


def side_by_side(before: Mapping[str, Row], after: Mapping[str, Row], ids: Sequence[str], measure: str) -> Table:
    """The questions that changed, with both answers."""
    made = Table("", "question", "A", "B", box=SIMPLE, show_lines=True)
    for name in ids:
        gain = after[name]["values"][measure] - before[name]["values"][measure]
        asked = " → ".join([*before[name]["history"], before[name]["question"]])
        told = (_told(one[name]) for one in (before, after))
        made.add_row("✓" if gain > 0 else "✗", escape(f"{name}: {asked}"), *map(escape, told))
    return made


def _told(row: Row) -> str:
    if row.get("error"):
        return str(row["error"])[:WIDEST]
    if row.get("refused"):
        return "refused"
    said = " ".join(str(row.get("short") or row.get("answer", "")).split())
    return said if len(said) <= WIDEST else f"{said[:WIDEST]}…"


def _sound(row: Row) -> bool:
    values = row.get("values")
    return (
        all(name in row for name in NEEDED)
        and isinstance(row["id"], str)
        and isinstance(row["history"], list)
        and isinstance(values, dict)
        and all(isinstance(value, int | float) for value in values.values())
    )
