import tomllib
from datetime import date
from pathlib import Path

import pytest

from eval.gate import check, pin
from ingest.errors import UserError

DAY = date(2025, 6, 1)
MEASURED = {"right": (0.9, 100), "words": (0.8, 50), "refusal_precision": (1.0, 0), "p50_s": (0.1, 100)}
GOOD = {"right": 0.9, "words": 0.8, "refusal_precision": 1.0, "pointers": 1.0}


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    return tmp_path / "floors.toml"


def floors(path: Path) -> dict[str, float]:
    found: dict[str, float] = tomllib.loads(path.read_text("utf-8"))["set.toml"]["floors"]
    return found


def test_without_floors_a_run_passes_and_says_so(path: Path) -> None:
    verdict = check(GOOD, "set.toml", "d1", path)
    assert verdict.passed and "No floors" in verdict.text


def test_floors_stand_one_question_under_what_was_measured(path: Path) -> None:
    assert pin(MEASURED, "set.toml", "d1", DAY, path=path) == []
    # 0.9 - 1/100; 0.8 - 1/50; no refusals count as one; pointers are a promise; latencies are not pinned
    assert floors(path) == {"right": 0.89, "words": 0.78, "refusal_precision": 0.0, "pointers": 1.0}


def test_at_the_floor_passes_and_under_it_fails(path: Path) -> None:
    pin(MEASURED, "set.toml", "d1", DAY, path=path)
    assert check({**GOOD, "right": 0.89}, "set.toml", "d1", path).passed
    verdict = check({**GOOD, "right": 0.88}, "set.toml", "d1", path)
    assert not verdict.passed and "right 0.880 is under its floor 0.890" in verdict.text


def test_one_wrong_pointer_fails(path: Path) -> None:
    pin(MEASURED, "set.toml", "d1", DAY, path=path)
    assert not check({**GOOD, "pointers": 0.999}, "set.toml", "d1", path).passed


def test_a_measure_that_is_gone_fails(path: Path) -> None:
    pin(MEASURED, "set.toml", "d1", DAY, path=path)
    assert not check({"right": 0.9, "pointers": 1.0}, "set.toml", "d1", path).passed


def test_a_changed_set_fails_until_it_is_pinned_again(path: Path) -> None:
    pin(MEASURED, "set.toml", "d1", DAY, path=path)
    verdict = check(GOOD, "set.toml", "d2", path)
    assert not verdict.passed and "was changed" in verdict.text
    pin(MEASURED, "set.toml", "d2", DAY, path=path)
    assert check(GOOD, "set.toml", "d2", path).passed


def test_raising_needs_no_reason(path: Path) -> None:
    pin(MEASURED, "set.toml", "d1", DAY, path=path)
    assert pin({**MEASURED, "right": (0.95, 100)}, "set.toml", "d1", DAY, path=path) == []
    assert floors(path)["right"] == 0.94


@pytest.mark.parametrize("measured", [{**MEASURED, "right": (0.5, 100)}, {"right": (0.9, 100)}], ids=["lower", "gone"])
def test_lowering_or_dropping_needs_a_reason(path: Path, measured: dict[str, tuple[float, int]]) -> None:
    pin(MEASURED, "set.toml", "d1", DAY, path=path)
    before = path.read_bytes()
    with pytest.raises(UserError, match="--reason"):
        pin(measured, "set.toml", "d1", DAY, " ", path=path)
    assert path.read_bytes() == before


def test_the_reason_stays_on_record(path: Path) -> None:
    pin(MEASURED, "set.toml", "d1", DAY, path=path)
    lowered = pin({**MEASURED, "right": (0.5, 100)}, "set.toml", "d1", DAY, 'a harder "set"\nnow', path=path)
    pin({**MEASURED, "right": (0.6, 100)}, "set.toml", "d1", DAY, path=path)
    record = tomllib.loads(path.read_text("utf-8"))["set.toml"]["lowered"]
    assert lowered == ["right"]
    assert record == ['2025-06-01 right 0.89 -> 0.49: a harder "set" now']


def test_pinning_one_set_keeps_the_others(path: Path) -> None:
    pin(MEASURED, "set.toml", "d1", DAY, path=path)
    pin(MEASURED, "other set.toml", "d2", DAY, path=path)
    assert check(GOOD, "set.toml", "d1", path).passed
    assert check(GOOD, "other set.toml", "d2", path).passed


def test_a_damaged_file_is_said_to_be(path: Path) -> None:
    path.write_text("[set.toml")
    with pytest.raises(UserError, match="Cannot read the floors"):
        check(GOOD, "set.toml", "d1", path)
