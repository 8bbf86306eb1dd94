"""No file holds up a run, whatever its library does with the alarm."""

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import build as module
from ingest import read as reading
from ingest.build import build
from ingest.limit import TooSlow, limited, within
from ingest.read import Raw
from ingest.store import Store
from tests.conftest import fake_embed


def test_a_hanging_loop_is_ended() -> None:
    with pytest.raises(TooSlow, match=r"longer than"), limited(0.05):
        while True:
            pass


def test_a_hanging_pattern_is_ended() -> None:
    with pytest.raises(TooSlow), limited(0.05):
        re.match(r"(a+)+b", "a" * 40)


def test_a_library_that_swallows_the_alarm_gets_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.limit.AGAIN", 0.05)
    swallowed = 0
    with pytest.raises(TooSlow), limited(0.05):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                swallowed += 1
                if swallowed == 2:
                    raise


def test_each_piece_has_its_own_time_and_no_alarm_is_left() -> None:
    def slow() -> Iterator[int]:
        for number in range(4):
            until = time.process_time() + 0.05
            while time.process_time() < until:
                pass
            yield number

    assert list(within(0.15, slow())) == [0, 1, 2, 3]
    until = time.process_time() + 0.2
    while time.process_time() < until:
        pass


def test_without_effect_beside_the_main_thread() -> None:
    done: list[int] = []

    def work() -> None:
        with limited(0.01):
            until = time.thread_time() + 0.05
            while time.thread_time() < until:
                pass
            done.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [1]


def test_what_other_threads_do_costs_nothing() -> None:
    over = threading.Event()

    def burn() -> None:
        while not over.is_set():
            pass

    thread = threading.Thread(target=burn)
    thread.start()
    try:
        with limited(0.2):
            time.sleep(0.6)
        with pytest.raises(TooSlow), limited(0.2):
            burn()
    finally:
        over.set()
        thread.join()


def test_a_run_goes_on_past_a_file_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(file: object) -> Iterator[Raw]:
        while True:
            pass
        yield Raw("")

    news = tmp_path / "news"
    news.mkdir()
    (news / "a.pdf").write_bytes(b"%PDF")
    (news / "b.txt").write_text("The mayor opened the bridge.")
    monkeypatch.setattr(module, "SLOWEST", 1.0)
    monkeypatch.setitem(reading.READERS, ".pdf", hang)
    with Store.create(tmp_path / "store", "fake", "digest") as store:
        tally = build([news], store, fake_embed)
        assert (tally.count("added"), tally.count("failed")) == (1, 1)
        began = time.monotonic()
        again = build([news], store, fake_embed)  # and is not tried again
        assert time.monotonic() - began < 60 and again.count("failed") == 1
    assert [one.reason for one in again.outcomes if one.reason] == ["it takes longer than 1 s to read"]
