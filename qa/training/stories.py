"""Stories written for the reader: passages of one story and of some like it, and questions that few of them answer."""

from collections.abc import Iterator, Mapping, Set
from datetime import date
from pathlib import Path
from typing import Any

from qa.echo import as_question, wants_a_value
from qa.question import Asked, understand
from qa.training.sets import STORY, Corpus, Question, Text, read_rows, shingles, words_of

STORIES = Path(__file__).parent / "stories.jsonl.gz"
DAY = date(2026, 11, 1)  # on which they were asked, for what a question expects


def add_stories(corpus: Corpus, banned: Set[str], path: Path = STORIES) -> None:
    """Adds the passages of every story and its questions, but questions among the `banned`, and stories that hold a run
    of words among them.

    A row holds "passages", each a "title" and a "text" of sentences, and "questions", each a question and its answers
    by the number of the passage: words that stand in it once, or the numbers of the sentences that answer. A passage
    that is not named does not answer. A question that several passages answer is added once for each, one that none
    does over each passage in turn.
    """
    for number, row in enumerate(read_rows(path)):
        texts = [_text(one["title"], one["text"], f"{STORY} {number}") for one in row["passages"]]
        if not all(banned.isdisjoint(shingles(one.body)) for one in texts):
            continue
        first = len(corpus.texts)
        corpus.texts += texts
        for turn, (asked, answers) in enumerate(row["questions"]):
            if " ".join(words_of(asked)) in banned:
                continue
            told = {first + int(place): answer for place, answer in answers.items()}
            near = [at for at in range(first, len(corpus.texts)) if at not in told]
            if told:
                corpus.questions += _told(corpus, asked, told, tuple(near))
            else:
                at = near.pop(turn % len(near))
                corpus.questions.append(Question(STORY, asked, at, (), (), False, near=tuple(near)))


def _text(title: str, told: list[str], article: str) -> Text:
    bounds, start = [], 0
    for sentence in told:
        bounds.append((start, start + len(sentence)))
        start += len(sentence) + 1
    return Text(" ".join(told), title, article, tuple(bounds))


def _told(corpus: Corpus, asked: str, told: Mapping[int, Any], near: tuple[int, ...]) -> Iterator[Question]:
    """The question once for each text that answers, with what the others say of it."""
    understood = understand(asked, DAY)
    short = {at: answer for at, answer in told.items() if isinstance(answer, str) and wants_a_value(understood)}
    echoes = {at: _echo(understood, corpus.texts[at], answer) for at, answer in short.items()}
    for at, answer in told.items():
        text = corpus.texts[at]
        if isinstance(answer, str):
            start = text.body.index(answer)
            span = (start, start + len(answer))
            others = tuple(echo for other, echo in echoes.items() if other != at)
            yield Question(STORY, asked, at, (span,), (answer,), True, (), near, echoes.get(at, ""), others)
        else:
            proof = tuple(text.sentences[number] for number in answer)
            yield Question(STORY, asked, at, (), (), True, proof, near)


def _echo(asked: Asked, text: Text, answer: str) -> str:
    start = text.body.index(answer)
    low = next(low for low, high in text.sentences if low <= start < high)
    high = next(high for low, high in text.sentences if start + len(answer) <= high)
    return as_question(asked, text.body[low:start], text.body[start + len(answer) : high])
