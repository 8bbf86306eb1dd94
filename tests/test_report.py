import io
import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from eval.plots import bars, slowest, steps, sure
from eval.report import NEVER_REFUSES, Report, as_json, html, markdown, table, write, wrong
from eval.run import Row

EVIL = '<script>alert("x")</script> [bold] | `code`'


def row(name: str, kind: str, right: float, **fields: Any) -> Row:
    values = {"right": right, "words": right, "pointers": 1.0}
    given: dict[str, Any] = {
        "refuse": False,
        "accepted": ("12",),
        "gold": ("a.txt",),
        "probability": 0.5,
        "seconds": 0.01,
        **fields,
    }
    return Row(name, kind, f"How many? {EVIL}", (), values=values, **given)


ROWS = (
    row("f1", "fact", 1.0, answer="12 [1]", citations=({"source": "a.txt", "quote": f"Twelve. {EVIL}"},)),
    row("f2", "fact", 0.0, answer=f"13 {EVIL}"),
    row("n1", EVIL, 0.0, refuse=True, accepted=(), gold=(), error=f"RuntimeError: {EVIL}"),
)
REPORT = Report("set.toml", "d1", "reader", ROWS, {"always refuse": ROWS[:1]}, "At or above all 9 floors.", 123.4)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href", "action", "data")]


def test_the_json_has_the_count_and_every_mean() -> None:
    held = as_json(REPORT)
    assert (held["questions"], held["right"], held["pointers"], held["errors"]) == (3, 0.3333, 1.0, 1.0)
    assert held["kinds"]["fact"]["questions"] == 2 and held["kinds"]["fact"]["right"] == 0.5
    assert held["baselines"]["always refuse"]["right"] == 1.0


def test_the_rows_that_are_not_right_are_listed() -> None:
    assert [one.id for one in wrong(REPORT)] == ["f2", "n1"]


def test_the_terminal_table_shows_every_kind_and_baseline_as_plain_text() -> None:
    held = io.StringIO()
    Console(file=held, width=250).print(table(REPORT))
    shown = held.getvalue()
    assert "fact" in shown and "[bold]" in shown and "(always refuse)" in shown


def test_the_page_runs_no_text_of_questions_or_articles_and_loads_nothing() -> None:
    parser = Tags()
    page = html(REPORT)
    parser.feed(page)
    assert parser.tags.count("script") == 1 and "alert(" not in re.sub(r"&lt;script&gt;alert\(", "", page)
    assert parser.links == []
    assert "http" not in page.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_the_page_holds_every_question_for_its_filter() -> None:
    page = html(REPORT)
    assert page.count("<details ") == 3
    assert page.count('data-right="no"') == 2 and page.count('data-kind="fact"') == 2


def test_the_page_tells_what_became_of_each_question_and_where_sources_differ() -> None:
    differing = row("d", "fact", 1.0, disagreements=({"value": EVIL, "publisher": "", "citation": 2},))
    refused = row("r", "near", 1.0, refused=True, refuse=True)
    page = html(Report("s", "d", "reader", (*ROWS, differing, refused), {}))
    assert [page.count(f'data-outcome="{one}"') for one in ("answered", "refused", "crashed")] == [3, 1, 1]
    assert "Sources differ: &lt;script&gt;" in page


def test_peak_memory_is_part_of_every_report() -> None:
    assert as_json(REPORT)["peak_mb"] == 123.4
    assert "| peak_mb | 123 |" in markdown(REPORT) and "<td>peak_mb</td><td>123</td>" in html(REPORT)


def test_markdown_keeps_foreign_text_in_code_spans() -> None:
    lines = markdown(REPORT).splitlines()
    assert lines[2].startswith("1 of 3 right (95% interval of the share: 0.000 to 1.000); model reader; set digest d1.")
    assert lines[2].endswith("At or above all 9 floors.")
    [line] = [line for line in lines if line.startswith("| f2 ")]
    assert re.sub(r"`[^`]*`", "", line) == "| f2 |  |  |  |"


def test_write_leaves_all_files(tmp_path: Path) -> None:
    paths = write(REPORT, tmp_path / "new" / "out")
    assert {path.name for path in paths} == {"report.md", "report.html", "rows.jsonl", "summary.json"}
    rows = [json.loads(line) for line in (tmp_path / "new/out/rows.jsonl").read_text("utf-8").splitlines()]
    assert [one["id"] for one in rows] == ["f1", "f2", "n1"]
    held = json.loads((tmp_path / "new/out/summary.json").read_text("utf-8"))
    assert (held["digest"], held["questions"]) == ("d1", 3)


def test_bars_have_the_length_of_their_value() -> None:
    drawn = ElementTree.fromstring(bars({"<a>": (0.5, 0.25, 0.75), "b": (1.0, 1.0, 1.0)}, "T & U"))
    lengths = [float(one.attrib["width"]) for one in drawn.iter() if one.tag.endswith("rect")]
    assert lengths[0] * 2 == pytest.approx(lengths[1])
    [first, _] = [one for one in drawn.iter() if one.tag.endswith("line")]
    assert float(first.attrib["x2"]) - float(first.attrib["x1"]) == pytest.approx(lengths[0])


def test_steps_go_up_with_the_risk() -> None:
    drawn = ElementTree.fromstring(steps([(0.5, 0.0), (1.0, 0.5)], "T", "share", 0.5))
    [line] = [one for one in drawn.iter() if one.tag.endswith("polyline")]
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (map(float, at.split(",")) for at in line.attrib["points"].split())
    assert x0 < x1 == x2 < x3 and y0 == y1 > y2 == y3
    [mark] = [one.attrib["d"] for one in drawn.iter() if "stroke-dasharray" in one.attrib]
    assert mark.startswith(f"M{x1} ")  # at half the way, where the line steps up


@pytest.mark.parametrize("drawn", [steps([], "T", "share"), sure([], "T"), slowest([], "T")])
def test_an_empty_curve_still_draws(drawn: str) -> None:
    assert ElementTree.fromstring(drawn) is not None


def test_the_page_shows_the_risk_over_all_questions_where_a_run_never_refused() -> None:
    assert "among the answers taken" in html(REPORT) and "dashed: as shipped" not in html(REPORT)
    whole = html(replace(REPORT, baselines={NEVER_REFUSES: ROWS}))
    assert "dashed: as shipped" in whole and "share of all questions answered" in whole


def test_dots_stand_at_their_share_and_grow_with_the_number() -> None:
    drawn = ElementTree.fromstring(sure([(0.2, 0.2, 1), (0.8, 0.6, 4)], "T"))
    low, high = (one.attrib for one in drawn.iter() if one.tag.endswith("circle"))
    assert float(high["r"]) == pytest.approx(2 * float(low["r"]))  # four times the area
    assert float(high["cx"]) > float(low["cx"]) and float(high["cy"]) < float(low["cy"])


def test_seconds_go_up_to_the_slowest() -> None:
    drawn = ElementTree.fromstring(slowest([0.4, 0.1, 0.2], "T"))
    [line] = [one for one in drawn.iter() if one.tag.endswith("polyline")]
    heights = [float(at.split(",")[1]) for at in line.attrib["points"].split()]
    assert heights == sorted(heights, reverse=True)
    assert "0.40 s" in ElementTree.tostring(drawn, "unicode")
