"""What a run says: a terminal table, report.md, report.html (one file that loads nothing), summary.json, rows.jsonl."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.markup import escape as plain
from rich.table import Table

from eval.plots import bars, slowest, steps, sure
from eval.run import MEASURES, Row, by_kind, curve, right_interval, summary, sureness, to_json, values, whole_curve

NARROW = ("right", "words", "sources", "evidence", "refused_right", "pointers")
COLUMNS = (
    *("right", "words", "sources", "sources_only", "evidence", "f1", "answered", "refused_right"),
    *("hit@1", "hit@5", "mrr@10", "ndcg@10", "citation_recall", "citation_precision", "undisputed", "pointers"),
)
NEVER_REFUSES = "never refuse"  # the baseline that tells whether what was refused would have been right
ROWS = "rows.jsonl"  # what `python -m eval compare` reads
WHOLE_RUN = {
    "refusal_precision": "share of the refusals that were right",
    "risk_coverage_area": "mean share of wrong answers, surest first (lower is better)",
    "errors": "questions that crashed or took too long; each counts as zero everywhere",
    "p50_s": "median seconds per question",
    "p95_s": "95th percentile of seconds per question",
}


@dataclass(frozen=True, slots=True)
class Report:
    """A run over one question set, with what stands beside it."""

    set_name: str
    digest: str
    model: str
    rows: tuple[Row, ...]
    baselines: Mapping[str, tuple[Row, ...]]
    verdict: str = ""  # what the gate says
    peak_mb: float = 0.0  # the most memory the process held, in MiB; 0: not measured


def table(report: Report) -> Table:
    """The table per kind, with the whole set and the baselines below it; it fits a terminal of 80 columns."""
    title = plain(f"{report.set_name}: {len(report.rows)} questions, model {report.model}")
    first, *others = _header(NARROW)
    made = Table(title=title, box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    made.add_column(first, no_wrap=True)
    for name in others:
        made.add_column(name.replace("_", "\n"), justify="right")
    kinds = len(by_kind(report.rows))
    for number, (name, cells) in enumerate(_lines(report, NARROW)):
        made.add_row(plain(name), *cells, end_section=number in (kinds - 1, kinds))
    return made


def wrong(report: Report) -> list[Row]:
    """The rows that are not right, in order."""
    return [row for row in report.rows if row.values["right"] < 1.0]


def markdown(report: Report) -> str:
    """The report as Markdown; text of articles and questions stands in code spans."""
    header = _header()
    lines = [f"# {report.set_name}: {len(report.rows)} questions", "", sentence(report), ""]
    lines += [_line(header), _line(["---"] + ["---:"] * (len(header) - 1))]
    lines += [_line([name, *cells]) for name, cells in _lines(report)]
    lines += ["", "| of the whole run | value | |", "|---|---:|---|"]
    lines += [_line(cells) for cells in _whole(report)]
    lines += ["", "What the columns count:", ""] + [f"- {name}: {MEASURES[name]}" for name in COLUMNS]
    lines += ["", "## Not right", "", "| id | question | expected | got |", "|---|---|---|---|"]
    lines += [_line([row.id, *map(_code, (_asked(row), _expected(row), _got(row)))]) for row in wrong(report)]
    return "\n".join(lines) + "\n"


def html(report: Report) -> str:
    """The report as one page with plots and every question; all text is escaped."""
    kinds = by_kind(report.rows)
    scores = {kind: (summary(rows)["right"], *right_interval(rows)) for kind, rows in kinds.items()}
    head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in _header())
    body = "".join(_html_row([name, *cells]) for name, cells in _lines(report))
    facts = "".join(_html_row(cells) for cells in _whole(report))
    options = "".join(f"<option>{escape(kind)}</option>" for kind in kinds)
    questions = "".join(_html_question(row) for row in report.rows)
    return PAGE.format(
        title=escape(f"{report.set_name}: {len(report.rows)} questions"),
        sentence=escape(sentence(report)),
        head=head,
        body=body,
        facts=facts,
        bars=bars(scores, "Right, by kind (line: 95% interval)"),
        curves=_risk(report)
        + sure(sureness(report.rows), "Share right of the answers, by the probability given")
        + slowest([row.seconds for row in report.rows], "Seconds per question, quickest first"),
        options=options,
        questions=questions,
        told="".join(f"<li>{escape(name)}: {escape(told)}</li>" for name, told in MEASURES.items()),
    )


def write(report: Report, folder: Path) -> list[Path]:
    """Writes all files of the report into the folder; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    held = {"set": report.set_name, "digest": report.digest, "model": report.model, **as_json(report)}
    files = {
        "report.md": markdown(report),
        "report.html": html(report),
        "summary.json": json.dumps(held, indent=2) + "\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return [*(folder / name for name in files), write_rows(report.rows, folder)]


def write_rows(rows: Sequence[Row], folder: Path) -> Path:
    """Writes a JSON line for each row into the folder's rows.jsonl; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ROWS
    path.write_text("".join(json.dumps(to_json(row), ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def as_json(report: Report) -> dict[str, Any]:
    """The number of questions and every mean by its name; the slices by kind and the baselines under theirs."""
    kinds = by_kind(report.rows)
    return {
        "questions": len(report.rows),
        **_rounded({**summary(report.rows), "peak_mb": report.peak_mb}),
        "kinds": {kind: _rounded({"questions": len(rows), **summary(rows)}) for kind, rows in kinds.items()},
        "baselines": {name: _rounded(summary(rows)) for name, rows in report.baselines.items()},
    }


def _whole(report: Report) -> list[list[str]]:
    """Name, value and meaning of each figure that is not a mean over questions."""
    whole = summary(report.rows)
    peak = ["peak_mb", f"{report.peak_mb:.0f}", "the most memory the process held, in MiB"]
    return [[name, _number(whole[name]), told] for name, told in WHOLE_RUN.items()] + [peak]


def _rounded(means: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in means.items()}


def _header(columns: Sequence[str] = COLUMNS) -> list[str]:
    return ["kind (baseline)", "n", *columns]


def _lines(report: Report, columns: Sequence[str] = COLUMNS) -> list[tuple[str, list[str]]]:
    baselines = [(f"({name})", rows) for name, rows in report.baselines.items()]
    groups = [*by_kind(report.rows).items(), ("all", report.rows), *baselines]
    return [(name, _cells(rows, columns)) for name, rows in groups]


def _cells(rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    means = summary(rows)
    shown = [_number(means[name]) if values(rows, name) else "" for name in columns]
    return [str(len(rows)), *shown]


def _number(value: float) -> str:
    return f"{value:.3f}".removesuffix(".000") if value > 1 else f"{value:.3f}"


def sentence(report: Report) -> str:
    """The run in one line."""
    right = sum(row.values["right"] for row in report.rows)
    low, high = right_interval(report.rows)
    gate = f" {report.verdict}" if report.verdict else ""
    told = f"{right:.0f} of {len(report.rows)} right (95% interval of the share: {low:.3f} to {high:.3f})"
    return f"{told}; model {report.model}; set digest {report.digest}.{gate}"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _code(text: str) -> str:
    kept = " ".join(text.replace("`", "'").split())
    return f"`{kept}`".replace("|", "\\|") if kept else ""


def _asked(row: Row) -> str:
    return " → ".join([*row.history, row.question])


def _expected(row: Row) -> str:
    words = "; ".join(row.accepted)
    if row.refuse:
        return f"a refusal, or: {words}" if words else "a refusal"
    return f"{words} ({', '.join(row.gold)})"


def _got(row: Row) -> str:
    cited = ", ".join(dict.fromkeys(str(one["source"]) for one in row.citations))
    return row.error or f"{row.answer}{f' ({cited})' if cited else ''}"


def _risk(report: Report) -> str:
    """The share wrong over the share answered: of all questions where a run that never refuses is at hand."""
    told = report.baselines.get(NEVER_REFUSES)
    if not told:
        return steps(
            curve(report.rows), "Share wrong among the answers taken, surest first", "share of the answers taken"
        )
    answered = sum(not row.refused for row in report.rows) / len(report.rows)
    title = "Share wrong of the surest (dashed: as shipped)"
    return steps(whole_curve(report.rows, told), title, "share of all questions answered", answered)


def _html_row(cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _outcome(row: Row) -> str:
    return "crashed" if row.error else "refused" if row.refused else "answered"


def _html_citation(one: Mapping[str, Any]) -> str:
    said = [f"[{one.get('number', '')}]", one["source"], one.get("publisher"), one.get("published")]
    told = ", ".join(str(part) for part in said if part)
    return f"<li>{escape(told)}: “{escape(str(one['quote']))}”</li>"


def _html_question(row: Row) -> str:
    good = row.values["right"] == 1.0
    short = f"Short: {escape(row.short)}. " if row.short else ""
    quotes = "".join(map(_html_citation, row.citations))
    others = "; ".join(f"{one['value']} ({one['publisher'] or one['citation']})" for one in row.disagreements)
    differing = f"<p>Sources differ: {escape(others)}</p>" if others else ""
    marks = ", ".join(f"{name} {value:.2f}" for name, value in row.values.items())
    data = f'data-kind="{escape(row.kind)}" data-right="{"yes" if good else "no"}" data-outcome="{_outcome(row)}"'
    return (
        f"<details {data}>"
        f"<summary>{'✓' if good else '✗'} <b>{escape(row.id)}</b> {escape(_asked(row))}</summary>"
        f"<p>Understood as: {escape(row.standalone)}</p><p>Expected: {escape(_expected(row))}</p>"
        f"<p>Got: {escape(row.error or row.answer)}</p>"
        f"<p>{short}Probability: {row.probability:.3f}</p>"
        f"<ul>{quotes}</ul>{differing}<p>{escape(marks)}; {1000 * row.seconds:.0f} ms</p></details>"
    )


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; display: block; overflow-x: auto; }}
td, th {{ padding: .2rem .6rem; border-bottom: 1px solid #8886; text-align: right; }}
td:first-child, th:first-child, .told td:last-child {{ text-align: left; }}
details {{ border-bottom: 1px solid #8886; padding: .3rem 0; }}
details[data-right=no] summary {{ color: #c0392b; }}
.curves {{ display: flex; flex-wrap: wrap; gap: 1.5rem; }}
svg {{ max-width: 100%; height: auto; }}
</style></head><body>
<h1>{title}</h1><p>{sentence}</p>
<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>
<table class="told"><tbody>{facts}</tbody></table>
{bars}
<div class="curves">{curves}</div>
<h2>Questions</h2>
<p><label>Kind <select id="kind"><option value="">all</option>{options}</select></label>
<label>Right <select id="right"><option value="">all</option>
<option>yes</option><option>no</option></select></label>
<label>Outcome <select id="outcome"><option value="">all</option>
<option>answered</option><option>refused</option><option>crashed</option></select></label>
<label>Words <input id="words" type="search"></label> <span id="count"></span></p>
<div id="questions">{questions}</div>
<h2>What is counted</h2><ul>{told}</ul>
<script>
const at = name => document.getElementById(name);
const all = [...document.querySelectorAll("#questions details")];
const pick = () => {{
  const words = at("words").value.toLowerCase();
  for (const one of all) {{
    const other = ["kind", "right", "outcome"].some(key => at(key).value && one.dataset[key] !== at(key).value);
    one.hidden = other || !one.textContent.toLowerCase().includes(words);
  }}
  at("count").textContent = all.filter(one => !one.hidden).length + " of " + all.length;
}};
document.querySelectorAll("select, input").forEach(one => one.addEventListener("input", pick));
pick();
</script></body></html>
"""
