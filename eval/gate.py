"""The gate: floors pinned for a version of a question set; falling under one fails, and lowering one takes a reason."""

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ingest.errors import UserError

FLOORS = Path(__file__).parent / "floors.toml"
PINNED = (
    *("right", "words", "sources", "sources_only", "evidence", "answered", "refused_right", "refusal_precision"),
    *("hit@1", "mrr@10", "ndcg@10", "citation_recall", "citation_precision", "undisputed"),
)
EXACT = {"pointers": 1.0}  # promises: no slack, whatever was measured
HEADER = "# Written by `python -m eval --pin`. Lowering a floor takes --reason, and stays on record here.\n"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of a run."""

    passed: bool
    text: str


def check(means: Mapping[str, float], set_name: str, digest: str, path: Path = FLOORS) -> Verdict:
    """Compares a run's means with the floors of its set. A set without floors passes, and the text says so."""
    held = _read(path).get(set_name)
    if held is None:
        return Verdict(True, f"No floors are pinned for {set_name}.")
    if held["digest"] != digest:
        return Verdict(False, f"{set_name} was changed after its floors were pinned: check the scores, then run --pin.")
    under = [
        f"{name} {means.get(name, 0.0):.3f} is under its floor {floor:.3f}"
        for name, floor in held["floors"].items()
        if means.get(name, 0.0) < floor
    ]
    if under:
        return Verdict(False, f"Under the floors: {'; '.join(under)}.")
    return Verdict(True, f"At or above all {len(held['floors'])} floors.")


def pin(
    measured: Mapping[str, tuple[float, int]],
    set_name: str,
    digest: str,
    today: date,
    reason: str = "",
    path: Path = FLOORS,
) -> list[str]:
    """Pins floors from {measure: (mean, how many questions)}; the names of those that it lowers.

    A floor stands one question under what was measured, for a machine that rounds otherwise. UserError when a floor
    would be lowered and no reason is given.
    """
    held = _read(path)
    before = held.get(set_name, {"floors": {}, "lowered": []})
    floors = {**{name: _floor(*measured[name]) for name in PINNED if name in measured}, **EXACT}
    lowered = [name for name, floor in before["floors"].items() if floors.get(name, 0.0) < floor]
    if lowered and not reason.strip():
        raise UserError(f"This would lower the floor of {', '.join(lowered)}: say why with --reason.")
    record = list(before.get("lowered", []))
    why = " ".join("".join(char if char.isprintable() else " " for char in reason).split())
    record += [f"{today} {name} {before['floors'][name]} -> {floors.get(name)}: {why}" for name in lowered]
    held[set_name] = {"digest": digest, "floors": floors, "lowered": record}
    path.write_text(_written(held), "utf-8")
    return lowered


def _floor(value: float, count: int) -> float:
    return max(0.0, math.floor(1000 * (value - 1 / max(1, count))) / 1000)


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"Cannot read the floors {path}: {error}.") from error


def _written(held: Mapping[str, Any]) -> str:
    parts = [HEADER]
    for name, pinned in held.items():
        parts.append(f"\n[{_quoted(name)}]\ndigest = {_quoted(pinned['digest'])}\nlowered = [\n")
        parts += [f"    {_quoted(line)},\n" for line in pinned["lowered"]]
        parts.append(f"]\n\n[{_quoted(name)}.floors]\n")
        parts += [f"{_quoted(measure)} = {floor}\n" for measure, floor in pinned["floors"].items()]
    return "".join(parts)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string of printable text is a TOML basic string
