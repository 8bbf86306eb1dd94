"""The check of a draft's sentences, measured: claims made of real sentences, as they were and made wrong."""

import json
from pathlib import Path

import pytest

from eval import support
from eval.__main__ import main
from eval.mutate import WRONG, Case, cases
from ingest.article import Article
from ingest.errors import UserError
from ingest.split import split
from qa.reader import CHECKER, load_reader
from qa.verify import Cited, check
from tests import news

SEEDS = Path(__file__).parent.parent / "seeds"
QAGS = news.FOLDER.parent / "support" / "test" / "qags-cnndm.jsonl.gz"
TEXT = "Macron signed 12 agreements with Xi."
ROWS = [
    {"premise": TEXT, "hypothesis": "Macron signed 12 agreements.", "label": "entailment"},
    {"premise": TEXT, "hypothesis": "Macron signed 13 agreements.", "label": "contradiction"},
    {"premise": TEXT, "hypothesis": "Rain fell in Oslo all day.", "label": "neutral"},
]


def seeds() -> list[Case]:
    texts = [path.read_text("utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    return list(
        cases([split(Article(id=str(n), source="", text=text)) for n, text in enumerate(texts)], seed=1, each=12)
    )


def test_mutations_are_wrong_reproducible_and_of_every_kind() -> None:
    made = seeds()
    assert made == seeds()
    kinds = {one.kind for one in made if not one.right}
    assert kinds <= {*WRONG, "citation, same article", "citation, other article"}
    assert {"number", "name", "name of the same passage", "names exchanged", "negation added", "date"} <= kinds
    for one in made:
        if one.kind in WRONG:
            assert one.claim not in one.passage
        if one.kind == "as it stands":
            assert one.claim in " ".join(one.passage.split())


def test_changed_sentences_of_the_seeds_are_flagged_and_true_ones_are_not() -> None:
    made = seeds()
    flags = list(support.flagged(made, load_reader(CHECKER).supports))
    found = support.by_kind(made, flags)
    assert found["true_flagged"] <= 0.10
    assert found["wrong_flagged"] >= 0.90


@news.needed
def test_changed_sentences_of_the_news_are_flagged_by_kind_and_true_ones_are_not() -> None:
    rows = [row for _, row in zip(range(60), news.articles(), strict=False)]
    found = support.by_kind(made := support.mutations(rows), list(support.flagged(made, load_reader(CHECKER).supports)))
    assert found["true_flagged"] <= 0.10
    assert found["wrong_flagged"] >= 0.90


@pytest.mark.skipif(not QAGS.exists(), reason="needs ../shared/data/support")
def test_sentences_of_summaries_are_checked_as_well_as_ever() -> None:
    rows = support.load_rows(QAGS)
    held = list(support.judge(rows, load_reader(CHECKER).supports))
    assert support.summarise(rows, held)["balanced_accuracy"] >= 0.62  # .636; the reader's own logit: .596


def test_a_claim_made_of_two_passages_is_supported_by_both_together() -> None:
    one, other = "Macron signed 12 agreements with Xi.", "Rain fell on the bridge in Oslo all day."
    claim = "Macron signed 12 agreements with Xi, and rain fell on the bridge in Oslo all day."
    supports = load_reader(CHECKER).supports
    assert check([Cited(claim, (one, other)), Cited(claim, (one,)), Cited(claim, ())], supports) == [True, False, False]


def test_figures_of_claims_with_their_texts() -> None:
    assert support.summarise(ROWS, [True, True, False]) == {
        "claims": 3.0,
        "accuracy": pytest.approx(2 / 3),
        "balanced_accuracy": pytest.approx(0.75),
        "supported_kept": 1.0,
        "unsupported_flagged": 0.5,
    }


def test_the_command_judges_claims_in_three_ways(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "claims.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    assert main(["support", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["unsupported_flagged"] == 1.0
    assert 0 <= told["accuracy_three_ways"] <= 1


def test_the_command_makes_claims_of_articles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "articles.jsonl"
    texts = [path.read_text("utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    file.write_text("".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)), "utf-8")
    assert main(["support", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"] > 20


@pytest.mark.parametrize("row", [{"premise": "a"}, {"premise": "a", "hypothesis": 1, "label": "neutral"}, {"id": "x"}])
def test_a_bad_row_is_named(tmp_path: Path, row: dict[str, object]) -> None:
    file = tmp_path / "claims.jsonl"
    file.write_text(json.dumps(row) + "\n", "utf-8")
    with pytest.raises(UserError, match="row 1"):
        support.load_rows(file)


def test_the_command_wants_a_file_or_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["support"]) == 2
    assert "Name a file" in capsys.readouterr().err
