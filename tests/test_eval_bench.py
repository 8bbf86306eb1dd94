import io
import json
import time
from pathlib import Path

import pytest
from rich.console import Console

from eval import usual
from eval.bench import Bench, Given, bench, table
from eval.flops import operations, peak, precision
from eval.pair import Pair, take_turns
from eval.processes import _questions, _run, _size_of, ingested, taken
from eval.progress import bar_on
from ingest.article import Article
from ingest.errors import UserError
from ingest.store import Store
from tests.conftest import make_store


def test_a_pair_gives_ratios_round_by_round() -> None:
    row = Pair("work", byline=[1.0, 2.0, 4.0], usual=[10.0, 10.0, 12.0]).to_json()
    assert (row["byline"], row["usual"], row["unit"]) == (2.0, 10.0, "s")
    assert (row["ratio"], row["ratio_least"], row["ratio_most"]) == (5.0, 3.0, 10.0)


def test_what_the_usual_stack_does_not_have_has_no_ratio() -> None:
    assert Pair("answer", byline=[3.0], unit="ms").to_json() == {"unit": "ms", "byline": 3.0}


def test_sides_take_turns() -> None:
    order: list[str] = []
    pair, busy = Pair("work"), Pair("work, processor time")
    for _ in range(2):
        take_turns(pair, busy, lambda: order.append("ours"), lambda: order.append("theirs"))
    assert order == ["ours", "theirs"] * 2
    assert len(pair.byline) == len(pair.usual) == len(busy.byline) == len(busy.usual) == 2 and min(pair.byline) > 0


def test_waiting_takes_time_but_none_of_the_processor() -> None:
    pair, busy = Pair("work"), Pair("work, processor time")
    take_turns(pair, busy, lambda: time.sleep(0.2), lambda: sum(range(10**5)))
    assert pair.byline[0] >= 0.2 > 2 * busy.byline[0]
    assert busy.usual[0] > 0


def test_operations_of_a_text() -> None:
    # a token: 6 layers of 4 products 384x384 and 2 of 384x1536; with itself: 2 products of 384; 2 operations each
    assert operations([1]) == pytest.approx(2 * 6 * (4 * 384 * 384 + 2 * 384 * 1536 + 2 * 384) / 1e9)
    assert operations([100, 100]) == 2 * operations([100])
    assert operations([200]) > operations([100, 100])  # attention grows with the square


def test_the_peak_is_more_than_one_product_at_a_time() -> None:
    assert peak(precision()) > 1.0


def test_articles_are_chosen_by_their_ids_in_whatever_order_they_come(tmp_path: Path) -> None:
    rows = [{"id": f"a{at}", "title": "T", "text": f"Text {at}."} for at in range(30)]
    rows.append({"id": "empty", "text": ""})
    found = []
    for name, ordered in (("one", rows), ("two", rows[::-1])):
        (tmp_path / name).mkdir()
        (tmp_path / name / "articles-x.jsonl").write_text("\n".join(map(json.dumps, ordered)), "utf-8")
        (tmp_path / f"{name}-work").mkdir()
        found.append(taken([tmp_path / name], 12, tmp_path / f"{name}-work"))
    texts = [list(usual.texts_of(folder)) for folder in found]
    assert texts[0] == texts[1] and len(texts[0]) == 12
    assert all(text.startswith("T\nText ") for text in texts[0])
    assert found[0].name == found[1].name


def test_no_articles_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="names no file"):
        taken([tmp_path], 5, tmp_path)


def test_plain_files_are_articles_too(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Second.", "utf-8")
    (tmp_path / "a.txt").write_text("First.", "utf-8")
    assert list(usual.texts_of(tmp_path)) == ["First.", "Second."]


def test_headlines_are_asked_over_again_in_a_small_store(tmp_path: Path) -> None:
    articles = [Article(str(at), f"{at}.txt", f"Text {at} of it.", title=f"Headline {at}") for at in range(3)]
    with Store.open(make_store(tmp_path, articles)) as store:
        asked = _questions(store)
    assert {one["question"] for one in asked} == {"Headline 0", "Headline 1", "Headline 2"}
    assert len(asked) == 50 and len({one["id"] for one in asked}) == 50


def test_a_set_up_counts_what_is_needed_in_turn_and_once() -> None:
    assert _size_of("rich") > _size_of("markdown-it-py") > 0  # rich needs markdown-it-py
    assert _size_of("rich", "markdown-it-py") == _size_of("rich")
    assert _size_of("no-such-package") == 0


def test_a_process_is_timed_and_its_memory_counted() -> None:
    ran = _run("timeit", "-n", "1", "-r", "1", "import time; time.sleep(0.5)")  # longer than between two looks
    assert "1 loop" in ran.out and 0 < ran.seconds < 60 and ran.peak_mb > 5


def test_a_process_that_fails_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"benchmark process failed.*no file or folder"):
        _run("ingest", str(tmp_path / "none"), "--store", str(tmp_path / "store"))
    with bar_on(Console()) as bar, pytest.raises(UserError, match="not a folder"):
        bench(Given(tmp_path / "none", 1, tmp_path), bar)
    with bar_on(Console()) as bar, pytest.raises(UserError, match="benchmark process failed"):
        ingested("nothing", tmp_path / "none", tmp_path, 1, bar)


def test_the_table_has_a_line_for_each_pair_and_rate() -> None:
    found = Bench(
        [Pair("cold", [1.0], [9.0]), Pair("answer", [40.0], unit="ms")], {"products": 512.0}, ["large stores"]
    )
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(table(found))
    text = console.export_text()
    assert "9.0 to 9.0" in text and "40.00" in text and "512" in text
    assert found.to_json()["skipped"] == ["large stores"]
