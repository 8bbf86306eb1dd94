"""The chain over folders: what is new, changed, the same, twice, gone or broken."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from ingest import build as module
from ingest.build import build
from ingest.store import Store
from ingest.tally import OUTCOMES, RENAMED, Tally
from tests.conftest import fake_embed

FIRST = "The mayor opened the bridge on Tuesday. It had been closed for two years."
SECOND = "Egg prices rose in April. Farmers blame the flu, and shops blame the farmers."


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text(FIRST)
    (folder / "b.txt").write_text(SECOND)
    return folder


def run(news: Path, *, prune: bool = False) -> Tally:
    with Store.create(news.parent / "store", "fake", "digest") as store:
        return build([news], store, fake_embed, prune=prune)


def counts(tally: Tally) -> dict[str, int]:
    return {name: tally.count(name) for name in OUTCOMES if tally.count(name)}


def texts(news: Path) -> dict[str, str]:
    with Store.open(news.parent / "store") as store:
        return {article.source: article.text for article in store.articles()}


def test_added_then_unchanged(news: Path) -> None:
    assert counts(run(news)) == {"added": 2}
    assert counts(run(news)) == {"unchanged": 2}
    assert texts(news) == {"a.txt": FIRST, "b.txt": SECOND}


def test_a_touched_file_is_unchanged(news: Path) -> None:
    run(news)
    os.utime(news / "a.txt", (1, 1))
    assert counts(run(news)) == {"unchanged": 2}


def test_a_changed_file_keeps_its_id_and_loses_its_old_passages(news: Path) -> None:
    run(news)
    with Store.open(news.parent / "store") as store:
        before = {article.source: article.id for article in store.articles()}
    (news / "a.txt").write_text("A ferry sank in the harbour. Nobody was hurt.")
    assert counts(run(news)) == {"updated": 1, "unchanged": 1}
    with Store.open(news.parent / "store") as store:
        assert {article.source: article.id for article in store.articles()} == before
        assert store.bm25("mayor bridge", 5) == []
        assert [hit.passage.article.source for hit in store.bm25("ferry", 5)] == ["a.txt"]
        assert store.counts() == {"articles": 2, "passages": 2}


def test_vanished_files_stay_unless_pruned(news: Path) -> None:
    run(news)
    (news / "a.txt").unlink()
    assert counts(run(news)) == {"unchanged": 1}
    assert set(texts(news)) == {"a.txt", "b.txt"}
    assert counts(run(news, prune=True)) == {"removed": 1, "unchanged": 1}
    assert set(texts(news)) == {"b.txt"}


def test_pruning_one_folder_leaves_another_alone(news: Path) -> None:
    run(news)
    other = news.parent / "other"
    other.mkdir()
    (other / "c.txt").write_text("A ferry sank in the harbour.")
    with Store.create(news.parent / "store", "fake", "digest") as store:
        assert counts(build([other], store, fake_embed, prune=True)) == {"added": 1}
        assert store.counts()["articles"] == 3


def test_the_same_text_again_is_a_duplicate_until_the_first_changes(news: Path) -> None:
    (news / "c.txt").write_text(FIRST.upper())
    assert counts(run(news)) == {"added": 2, "duplicate": 1}
    assert counts(run(news)) == {"unchanged": 2, "duplicate": 1}
    (news / "a.txt").write_text("A ferry sank in the harbour.")
    assert counts(run(news)) == {"updated": 1, "unchanged": 1, "added": 1}
    assert set(texts(news)) == {"a.txt", "b.txt", "c.txt"}


def test_a_duplicate_takes_over_when_the_first_is_pruned(news: Path) -> None:
    (news / "c.txt").write_text(FIRST.upper())
    run(news)
    (news / "a.txt").unlink()
    assert counts(run(news, prune=True)) == {"removed": 1, "added": 1, "unchanged": 1}
    assert set(texts(news)) == {"b.txt", "c.txt"}


def ids(news: Path) -> dict[str, str]:
    with Store.open(news.parent / "store") as store:
        return {article.source: article.id for article in store.articles()}


def test_a_renamed_file_keeps_its_article_and_nothing_is_embedded(news: Path) -> None:
    run(news)
    before = ids(news)
    (news / "moved").mkdir()
    (news / "a.txt").rename(news / "moved" / "z.txt")

    def never(texts: list[str]) -> np.ndarray:
        raise AssertionError(texts)

    with Store.create(news.parent / "store", "fake", "digest") as store:
        tally = build([news], store, never, prune=True)
        assert counts(tally) == {"unchanged": 2}
        assert [one.source for one in tally.outcomes if one.reason == RENAMED] == ["z.txt"]
        assert store.bm25("mayor", 1)[0].passage.article.source == "z.txt"
    assert ids(news) == {"z.txt": before["a.txt"], "b.txt": before["b.txt"]}
    assert counts(run(news)) == {"unchanged": 2}


def test_a_new_file_under_a_former_name_is_another_article(news: Path) -> None:
    run(news)
    before = ids(news)
    (news / "a.txt").rename(news / "z.txt")
    run(news)
    (news / "a.txt").write_text("A ferry sank in the harbour.")
    assert counts(run(news)) == {"added": 1, "unchanged": 2}
    assert ids(news)["z.txt"] == before["a.txt"] != ids(news)["a.txt"]
    (news / "z.txt").write_text("The mayor closed the bridge again.")
    assert counts(run(news)) == {"updated": 1, "unchanged": 2}
    assert ids(news)["z.txt"] == before["a.txt"]


def test_a_renamed_collection_and_what_only_looks_renamed(news: Path) -> None:
    rows = [{"id": "x", "text": "A ferry sank in the harbour."}, {"text": "A train was late again."}, {"id": "bad"}]
    (news / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    run(news)
    before = ids(news)
    (news / "c.jsonl").rename(news / "d.jsonl")
    (news / "copy.txt").write_text(FIRST)  # its like is still there: no renaming
    (news / "b.txt").rename(news / "b.md")  # read by another reader: no renaming
    assert counts(run(news)) == {"unchanged": 3, "failed": 1, "duplicate": 2}
    assert ids(news) == {**{name: before[name] for name in ("a.txt", "b.txt", "x")}, "d.jsonl#2": before["c.jsonl#2"]}
    assert counts(run(news, prune=True)) == {"unchanged": 3, "failed": 1, "duplicate": 1, "removed": 1, "added": 1}


def test_under_one_address_the_latest_text_stands_whatever_the_order(news: Path) -> None:
    def write(name: str, day: str, text: str) -> None:
        row = {"id": name, "url": "http://x.org/1", "publish_date": day, "text": text}
        (news / f"{name}.json").write_text(json.dumps(row))

    write("c", "2023-01-01", "Three people were hurt.")
    assert counts(run(news)) == {"added": 3}
    name = ids(news)["c"]
    write("d", "2023-01-02", "Five people were hurt.")
    write("e", "2022-12-31", "Somebody may be hurt.")
    assert counts(run(news)) == {"updated": 1, "duplicate": 1, "unchanged": 3}
    assert ids(news)["d"] == name and "c" not in ids(news)
    with Store.open(news.parent / "store") as store:
        assert [was.text for was in store.ledger.versions(name)] == ["Three people were hurt."]
        assert {article.text for article in store.articles()} == {FIRST, SECOND, "Five people were hurt."}
    assert counts(run(news)) == {"unchanged": 3, "duplicate": 2}
    (news / "d.json").unlink()
    assert counts(run(news, prune=True)) == {"removed": 1, "added": 1, "unchanged": 2, "duplicate": 1}
    assert texts(news)["c"] == "Three people were hurt."


def test_an_article_that_turns_into_a_duplicate_is_taken_out(news: Path) -> None:
    run(news)
    (news / "b.txt").write_text(FIRST)
    assert counts(run(news)) == {"unchanged": 1, "duplicate": 1}
    assert set(texts(news)) == {"a.txt"}


def test_json_lines_are_followed_one_by_one(news: Path) -> None:
    def write(*articles: dict[str, str]) -> None:
        (news / "c.jsonl").write_text("".join(json.dumps(article) + "\n" for article in articles))

    one, two = {"id": "x", "text": "A ferry sank in the harbour."}, {"id": "y", "text": "A train was late again."}
    write(one, {"id": "bad"}, two, {"id": "z", "url": "http://x.org", "text": "Rain fell."})
    assert counts(run(news)) == {"added": 5, "failed": 1}
    write(
        one,
        {"id": "y", "text": "A train was early for once."},
        {"id": "w", "url": "http://x.org", "text": "It rained."},
    )
    assert counts(run(news)) == {"unchanged": 3, "updated": 1, "duplicate": 1}  # z is kept, w has its address
    assert {"x", "y", "z"} < set(texts(news)) and texts(news)["y"] == "A train was early for once."
    assert counts(run(news, prune=True)) == {"unchanged": 4, "removed": 1, "added": 1}
    assert set(texts(news)) == {"a.txt", "b.txt", "x", "y", "w"}


def test_bad_files_are_listed_and_tried_again_only_when_they_change(news: Path) -> None:
    (news / "c.txt").write_bytes(bytes(range(256)) * 9)
    (news / "d.txt").write_text("Source link\nBack to top")
    (news / "e.pdf").write_bytes(b"%PDF-1.4")
    (news / "f.txt").write_text("")
    tally = run(news)
    assert counts(tally) == {"added": 2, "failed": 4}
    reasons = {one.source: one.reason for one in tally.outcomes if one.outcome == "failed"}
    assert reasons["c.txt"] == "not text"
    assert reasons["d.txt"] == "nothing but boilerplate"
    assert reasons["e.pdf"].startswith("damaged")
    assert reasons["f.txt"] == "empty"
    again = run(news)
    assert {one.source: one.reason for one in again.outcomes if one.outcome == "failed"} == reasons
    (news / "f.txt").write_text("A ferry sank in the harbour.")
    assert counts(run(news)) == {"unchanged": 2, "failed": 3, "added": 1}


def test_a_good_file_that_turns_bad_keeps_its_article(news: Path) -> None:
    run(news)
    (news / "a.txt").write_bytes(b"\x00\x01" * 500)
    assert run(news).count("failed") == 1
    assert texts(news)["a.txt"] == FIRST


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(news: Path) -> None:
    (news / "a.txt").chmod(0)
    (news / "closed").mkdir(mode=0)
    tally = run(news)
    assert counts(tally) == {"added": 1, "failed": 2}


def test_passages_are_embedded_with_their_title_and_in_batches(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TOGETHER", 2)
    for number in range(5):
        (news / f"n{number}.txt").write_text(f"Report number {number}\n\nSomething happened in place {number}.")
    seen: list[list[str]] = []

    def embed(given: list[str]) -> np.ndarray:
        seen.append(given)
        return fake_embed(given)

    with Store.create(news.parent / "store", "fake", "digest") as store:
        build([news], store, embed)
        assert store.counts() == {"articles": 7, "passages": 7}
    assert [len(given) for given in seen] == [2, 2, 2, 1]
    assert seen[1][0] == "Report number 0\nSomething happened in place 0."


def test_clusters_of_one_story(news: Path) -> None:
    story = "\n".join(f"Paragraph {number} tells what happened in place {number * 7} of town." for number in range(20))
    (news / "c.json").write_text(json.dumps({"id": "late", "text": story + "\nMore.", "publish_date": "2023-02-02"}))
    (news / "d.json").write_text(json.dumps({"id": "early", "text": story, "publish_date": "2023-02-01"}))
    run(news)
    with Store.open(news.parent / "store") as store:
        found = {article.source: article for article in store.articles()}
    assert found["late"].cluster == found["early"].cluster == found["early"].id
    assert found["a.txt"].cluster == found["a.txt"].id


def test_progress_is_told(news: Path) -> None:
    told: list[tuple[str, int, int]] = []
    with Store.create(news.parent / "store", "fake", "digest") as store:
        build([news], store, fake_embed, watch=lambda *one: told.append(one))
    assert told == [("reading", 0, 2), ("reading", 1, 2), ("reading", 2, 2), ("chroma", 2, 2), ("tantivy", 2, 2)]


def test_progress_inside_a_file_is_told_by_its_bytes(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    rows = [json.dumps({"id": f"a{number}", "text": f"Report {number} has this to say."}) for number in range(4)]
    (tmp_path / "news.jsonl").write_text("\n".join(rows) + "\n")
    with Store.create(tmp_path / "store", "fake", "digest") as store:
        build([tmp_path / "news.jsonl"], store, fake_embed, watch=lambda *one: told.append(one))
    assert [one for one in told if one[0] == "reading"] == [
        ("reading", 0, 1),
        ("reading", 1, 2),  # one read, half of the bytes with the one at hand
        ("reading", 2, 3),
        ("reading", 3, 3),
        ("reading", 4, 4),
    ]


def test_a_story_is_taken_over_while_its_batch_is_embedded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"id": f"a{number}", "url": f"https://a.org/{number % 3}", "text": f"Version {number} of the story."}
        | {"publish_date": f"2024-01-0{number + 1}"}
        for number in range(6)
    ]
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = []
    for together in (1, 2, 100):
        monkeypatch.setattr(module, "TOGETHER", together)
        folder = tmp_path / f"store{together}"
        with Store.create(folder, "fake", "digest") as store:
            tally = build([tmp_path / "news.jsonl"], store, fake_embed)
            found.append((counts(tally), sorted((one.source, one.text) for one in store.articles())))
    assert found[0] == found[1] == found[2]
    assert found[0][1] == [(f"a{number}", f"Version {number} of the story.") for number in (3, 4, 5)]


def test_what_is_unchanged_in_an_article_is_not_embedded_again(tmp_path: Path) -> None:
    seen: list[str] = []

    def embed(given: list[str]) -> np.ndarray:
        seen.extend(given)
        return fake_embed(given)

    (tmp_path / "news").mkdir()
    paragraphs = [" ".join(f"word{number}x{place}" for place in range(90)) + "." for number in range(3)]
    for text in (paragraphs, [*paragraphs[:2], "It ends otherwise."]):
        (tmp_path / "news" / "a.txt").write_text("\n\n".join(text))
        with Store.create(tmp_path / "store", "fake", "digest") as store:
            build([tmp_path / "news"], store, embed)
            article = next(store.articles())
            passages = store.passages(article.id)
            assert np.allclose(
                store.vectors([one.id for one in passages]), fake_embed([module.in_context(one) for one in passages])
            )
    assert [text.split()[0] for text in seen] == ["word0x0", "word1x0", "word2x0", "word1x0"]


def test_the_totals_are_the_contract() -> None:
    assert list(Tally().to_json()) == ["added", "unchanged", "updated", "removed", "duplicate", "failed", "seconds"]
