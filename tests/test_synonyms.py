"""Other words for a question's words, from WordNet files made here."""

from pathlib import Path
from random import Random

import pytest

from ingest.errors import UserError
from qa.training.synonyms import reworded, synonyms

WORDS = {"employee", "employees", "worker", "workers", "hire", "hired", "hiring", "engage", "engaged", "begin", "began",
         "start", "started", "dog", "animal", "big", "large"}  # fmt: skip
# part of speech -> synsets: their words, the number of their kind's synset or none
SYNSETS: dict[str, list[tuple[list[str], int | None]]] = {
    "noun": [(["worker"], None), (["employee"], 0), (["animal"], None), (["dog"], 2)],
    "verb": [(["hire", "engage", "lease_out"], None), (["begin", "start"], None)],
    "adj": [(["big", "large"], None)],
}
COUNTS = "employee%1:18:00:: 1 9\ndog%1:05:00:: 1 9\nhire%2:40:00:: 1 9\nbegin%2:42:00:: 1 9\nbig%3:00:01:: 1 9\n"


@pytest.fixture
def wordnet(tmp_path: Path) -> Path:
    for part, synsets in SYNSETS.items():
        data, offsets = "  1 This file was made for a test.\n", []
        for words, kind in synsets:
            offsets.append(len(data))
            pointers = f"001 @ {offsets[kind]:08} n 0000" if kind is not None else "000"
            named = " ".join(f"{word} 0" for word in words)
            data += f"{offsets[-1]:08} 00 x {len(words):02x} {named} {pointers} | told\n"
        (tmp_path / f"data.{part}").write_text(data, "latin-1")
        lines = [f"{word} x 1 0 1 1 {at:08}" for (words, _), at in zip(synsets, offsets, strict=True) for word in words]
        (tmp_path / f"index.{part}").write_text("  1 head\n" + "\n".join(sorted(lines)) + "\n", "latin-1")
        (tmp_path / f"{part}.exc").write_text("began begin\n" if part == "verb" else "", "latin-1")
    (tmp_path / "cntlist.rev").write_text(COUNTS, "latin-1")
    return tmp_path


def test_synonyms_keep_their_words_form_and_a_noun_may_go_by_its_kind(wordnet: Path) -> None:
    found = synonyms(wordnet, WORDS)
    assert found["employees"] == ["workers"] and found["dog"] == ["animal"]
    assert found["hired"] == ["engaged"] and found["began"] == ["started"] and found["big"] == ["large"]
    assert "hiring" not in found  # "engaging" is no word of the vocabulary
    assert "worker" not in found  # never counted: what it mostly is, is not known


def test_half_of_the_words_are_exchanged_and_names_and_marks_stay(wordnet: Path) -> None:
    found = synonyms(wordnet, WORDS)
    made = {reworded("Which employees began with Big Dog?", found, Random(seed)) for seed in range(40)}
    assert made == {
        f"Which {who} {did} with Big Dog?" for who in ("employees", "workers") for did in ("began", "started")
    }
    assert reworded("Who began?", found, Random(0)) == reworded("Who began?", found, Random(0))


def test_a_folder_without_wordnet_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no WordNet"):
        synonyms(tmp_path, WORDS)
