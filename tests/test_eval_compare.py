import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from eval.__main__ import main
from eval.compare import Paired, side_by_side
from eval.report import write_rows
from eval.run import Row


def row(name: str, right: float, **fields: Any) -> Row:
    values = {"right": right, "words": right} if name != "none" else {"right": right}
    given: dict[str, Any] = {"kind": "fact", "accepted": ("12",), "gold": ("a.txt",), "refuse": False, **fields}
    return Row(id=name, question=f"How many, {name}?", history=(), values=values, **given)


BEFORE = [row("won", 0.0, refused=True), row("lost", 1.0, short="12"), row("same", 1.0), row("none", 1.0)]
AFTER = [row("none", 1.0), row("won", 1.0, short="12"), row("lost", 0.0, answer="13 [red]"), row("same", 1.0)]


@pytest.fixture(name="runs")
def _runs(tmp_path: Path) -> list[str]:
    """Two results folders over the same questions, the second's rows in another order."""
    for name, rows in (("a", BEFORE), ("b", AFTER)):
        write_rows(rows, tmp_path / name)
    return [str(tmp_path / "a"), str(tmp_path / "b")]


def test_each_question_is_compared_with_itself(runs: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *runs, "--json"]) == 0
    held = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (held["questions"], held["wins"], held["losses"], held["ties"]) == (4, 1, 1, 2)
    assert (held["a"], held["b"], held["difference"]) == (0.75, 0.75, 0.0)
    assert held["changed"] == ["lost", "won"]  # what got worse comes first
    assert held["measures"]["words"]["ties"] == 1  # the question that the measure does not concern is left out


def test_the_questions_that_changed_stand_side_by_side(runs: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *runs]) == 0
    shown = capsys.readouterr().out
    assert "won: How many" in shown and "refused" in shown and "same:" not in shown


def test_answers_are_shown_as_plain_text() -> None:
    held = io.StringIO()
    before, after = ({one.id: {**json.loads(json.dumps(as_plain(one)))} for one in rows} for rows in (BEFORE, AFTER))
    Console(file=held, width=200).print(side_by_side(before, after, ["lost"], "right"))
    assert "13 [red]" in held.getvalue()


def as_plain(one: Row) -> dict[str, Any]:
    return {
        "id": one.id,
        "question": one.question,
        "history": [],
        "short": one.short,
        "answer": one.answer,
        "refused": one.refused,
        "values": dict(one.values),
    }


def test_the_interval_is_that_of_the_differences() -> None:
    gained = Paired("right", (0.0,) * 40, (1.0,) * 40).to_json()
    assert (gained["low"], gained["difference"], gained["high"]) == (1.0, 1.0, 1.0)
    mixed = Paired("right", (0.0,) * 20 + (1.0,) * 20, (1.0,) * 20 + (0.0,) * 20)
    assert mixed.to_json()["low"] < 0 < mixed.to_json()["high"]
    assert mixed.to_json() == mixed.to_json()  # the same twice
    # two runs that differ on few questions: pairing makes the interval narrower than either mean's own (about .31)
    near = Paired("right", (0.0, 1.0) * 20, (1.0, 1.0) * 2 + (0.0, 1.0) * 18).to_json()
    assert (near["wins"], near["losses"], near["difference"]) == (2, 0, 0.05)
    assert near["low"] >= 0 and near["high"] - near["low"] < 0.16


def test_a_file_does_as_well_as_its_folder(runs: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", f"{runs[0]}/rows.jsonl", runs[1], "--measure", "words"]) == 0
    assert "words" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (AFTER[1:], "1 questions stand in one of them only, such as none"),
        ([*AFTER[:-1], row("same", 1.0, accepted=("13",))], "were changed, such as same"),
        ([*AFTER[:-1], row("same", 1.0, refuse=True)], "were changed, such as same"),
    ],
)
def test_sets_that_differ_are_not_compared(
    runs: list[str], tmp_path: Path, rows: list[Row], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_rows(rows, tmp_path / "other")
    assert main(["compare", runs[0], str(tmp_path / "other")]) == 2
    shown = capsys.readouterr().err.strip()
    assert shown.startswith("The sets differ:") and told in shown and len(shown.splitlines()) == 1


def test_wrong_use_is_one_sentence(runs: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rows.jsonl").write_text('{"id": "a"}\n')
    for given, told in (
        ([runs[0], str(tmp_path / "none")], "holds no rows.jsonl"),
        ([runs[0], str(tmp_path)], "line 1 is not a row"),
        ([*runs, "--measure", "beauty"], "There is no measure beauty"),
    ):
        assert main(["compare", *given]) == 2
        shown = capsys.readouterr().err.strip()
        assert told in shown and len(shown.splitlines()) == 1
