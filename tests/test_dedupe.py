"""Equal texts, and clusters of one story."""

import random
from pathlib import Path

from ingest.clean import clean
from ingest.dedupe import clusters, contained, same, signature

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


def test_contained_is_the_share_of_the_shorter_text() -> None:
    assert contained("a b c d e f", "x a b c d e f y") == 1  # both 5-grams of the first stand in the second
    assert contained("a b c d e f", "a b c d e z") == 0.5  # abcde of abcde, bcdef
    assert contained("a b", "a b") == 1
    assert contained("a b c d e", "v w x y z") == 0


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
