"""Equal texts, and clusters of one story."""

import random
from pathlib import Path

import numpy as np
import pytest

from ingest.article import Article
from ingest.build import in_context
from ingest.clean import clean
from ingest.dedupe import clusters, contained, jaccard, nearness, same, shingles, signature
from ingest.embed import load_embedder
from ingest.split import split
from tests.syndication import CHANGES, pair_f1, syndicated

WORDS = "bridge mayor river council steel euro worker crane flood vote party school road train harbour ferry".split()
SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))


def story(seed: int, paragraphs: int = 8) -> list[str]:
    choose = random.Random(seed)
    return [" ".join(f"{choose.choice(WORDS)}{choose.randrange(9)}" for _ in range(50)) for _ in range(paragraphs)]


def grouped(texts: dict[str, str], days: dict[str, str] | None = None) -> dict[str, str]:
    rows = [(name, (days or {}).get(name, ""), signature(text)) for name, text in texts.items()]
    return clusters(rows, texts.__getitem__)


def test_same_looks_past_case_and_white_space() -> None:
    assert same("A  bridge\nopened.") == same("a bridge opened") != same("a bridge opens")


@pytest.mark.parametrize(
    ("one", "other", "share", "common"),
    [
        ("a b c d e f", "x a b c d e f y", 1, 0.5),  # abcde and bcdef of the first stand among four of the second
        ("a b c d e f", "a b c d e z", 0.5, 1 / 3),  # abcde of abcde, bcdef; three in all
        ("a b", "a b", 1, 1),
        ("a b c d e", "v w x y z", 0, 0),
    ],
)
def test_what_two_texts_share(one: str, other: str, share: float, common: float) -> None:
    assert contained(shingles(one), shingles(other)) == contained(shingles(other), shingles(one)) == share
    assert jaccard(shingles(one), shingles(other)) == pytest.approx(common)


def test_nearness_is_that_of_the_means_and_of_the_leads() -> None:
    east, north = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert nearness(np.stack([east]), np.stack([east])) == 1
    assert nearness(np.stack([east]), np.stack([north])) == 0
    # means alike (cosine 1); the lead of each stands in the other, later
    assert nearness(np.stack([east, north]), np.stack([north, east])) == pytest.approx(1)
    # means (1, 1) and (1, 2): cosine 3 / sqrt(10); the lead (1, 0) is nowhere in the second, the nearest is at 0.6
    slanted = np.array([0.6, 0.8])
    mean = (np.array([1.0, 1.0]) / 2) @ (slanted / 1) / np.sqrt(0.5)
    assert nearness(np.stack([east, north]), np.stack([slanted])) == pytest.approx((mean + 0.6) / 2)


def test_a_cut_reordered_or_retitled_story_joins_the_earliest() -> None:
    whole = story(1)
    texts = {
        "first": "\n".join(whole),
        "cut": "\n".join(whole[:6]),
        "reordered": "\n".join(reversed(whole)),
        "new lead": "\n".join([*story(9, 1), *whole[1:]]),
        "other": "\n".join(story(2)),
    }
    days = {"first": "2023-01-01", "cut": "2023-01-02", "reordered": "2023-01-02", "other": "2022-01-01"}
    found = grouped(texts, days)
    assert found == {**dict.fromkeys(texts, "first"), "other": "other"}


def test_the_order_of_arrival_does_not_matter() -> None:
    texts = {str(number): "\n".join(story(number % 3)[number % 2 :]) for number in range(6)}
    backwards = dict(reversed(texts.items()))
    assert grouped(texts) == grouped(backwards)
    assert len(set(grouped(texts).values())) == 3


def test_reports_of_one_event_by_two_newsrooms_stay_apart() -> None:
    texts = {seed.name: clean(seed.read_text("utf-8")).text for seed in SEEDS}
    assert grouped(texts) == {name: name for name in texts}


def test_very_short_texts() -> None:
    assert grouped({"a": "one two", "b": "one two", "c": ""}) == {"a": "a", "b": "a", "c": "c"}


def test_texts_that_share_much_but_lie_weeks_apart_are_two_stories() -> None:
    whole = story(4)
    texts = {"first": "\n".join(whole), "second": "\n".join([*whole[:6], *story(5, 2)]), "copy": "\n".join(whole)}
    near = {"first": "2023-01-01", "second": "2023-01-11", "copy": "2024-01-01"}
    assert grouped(texts, near) == dict.fromkeys(texts, "first")
    far = {**near, "second": "2023-01-12"}
    assert grouped(texts, far) == {"first": "first", "second": "second", "copy": "first"}  # a copy is one at any time
    unknown = {**near, "second": ""}
    assert grouped(texts, unknown) == dict.fromkeys(texts, "first")


def test_vectors_decide_what_words_leave_open() -> None:
    shared, north, east = story(6, 4), np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])
    half = {"first": "\n".join([*shared, *story(7, 4)]), "second": "\n".join([*shared, *story(8, 4)])}
    most = {"first": "\n".join([*shared, *story(7, 1)]), "second": "\n".join([*shared, *story(8, 1)])}

    def found(texts: dict[str, str], vectors: dict[str, np.ndarray] | None) -> int:
        rows = [(name, "2023-01-01", signature(text)) for name, text in texts.items()]
        return len(set(clusters(rows, texts.__getitem__, vectors.__getitem__ if vectors else None).values()))

    alike, apart = {"first": north, "second": north}, {"first": north, "second": east}
    assert found(half, None) == 2 and found(half, alike) == 1  # 0.49 of the 5-grams + 1.5 x (1 - 0.87) is over 0.6
    assert found(most, None) == 1 and found(most, apart) == 2  # 0.79 of the 5-grams - 1.5 x 0.87 is not
    assert found(half, apart) == 2 and found(most, alike) == 1


def no_vectors(name: str) -> np.ndarray:
    raise AssertionError(name)


def test_vectors_are_asked_for_only_where_they_can_matter() -> None:
    texts = {name: "\n".join(story(seed)) for name, seed in (("a", 1), ("copy", 1), ("other", 2))}
    rows = [(name, "", signature(text)) for name, text in texts.items()]
    assert clusters(rows, texts.__getitem__, no_vectors) == {"a": "a", "copy": "a", "other": "other"}


def test_a_crowd_of_copies_is_one_story() -> None:
    whole = story(3)
    texts = {f"{number:03}": "\n".join(whole[number % 2 :]) for number in range(100)}
    assert set(grouped(texts).values()) == {"000"}


def test_nothing_known() -> None:
    assert clusters([], str) == {}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name[:3])
def test_the_seeds_as_other_newsrooms_print_them(seed: Path, change: str) -> None:
    known = [
        Article(one.name, one.name, found.text, found.title) for one in SEEDS for found in [clean(one.read_text())]
    ]
    original = next(article for article in known if article.id == seed.name)
    title, text = syndicated(original.title, original.text, change, random.Random(1), local="\n".join(story(1, 2)))
    assert (title, text) != (original.title, original.text)
    articles = {article.id: article for article in [*known, Article("z", "z", text, title)]}
    embedder = load_embedder()

    def vectors_of(name: str) -> np.ndarray:
        return embedder([in_context(passage) for passage in split(articles[name])])

    found = clusters(
        [(name, "", signature(article.text)) for name, article in articles.items()],
        lambda name: articles[name].text,
        vectors_of,
    )
    assert found == {**{article.id: article.id for article in known}, "z": seed.name}


def test_pair_f1() -> None:
    truth = {"a": "x", "b": "x", "c": "x", "d": "y"}  # three pairs
    assert pair_f1(truth, truth) == 1
    assert pair_f1(truth, {"a": "1", "b": "1", "c": "2", "d": "2"}) == 2 * 1 / (3 + 2)  # a-b is right, c-d is not
