"""The two trivial ways to answer that every report shows beside the real one."""

from collections.abc import Callable, Sequence

from eval.questions import Question
from eval.run import Ask
from ingest.article import Hit
from qa.answer import Answer, Citation, Sentence
from qa.prompts import REFUSAL

Search = Callable[[str, int], Sequence[Hit]]  # question, k -> hits, best first: Store.bm25


def always_refuse(question: Question) -> Answer:
    """Says that the articles do not say, whatever is asked."""
    return _answer(question, REFUSAL, None)


def first_passage(search: Search) -> Ask:
    """Answers every question with the whole passage that the search puts first."""

    def ask(question: Question) -> Answer:
        hits = search(question.question, 1)
        return _answer(question, hits[0].passage.text, hits[0]) if hits else always_refuse(question)

    return ask


def _answer(question: Question, text: str, hit: Hit | None) -> Answer:
    return Answer(
        question=question.question,
        standalone=question.question,
        refused=hit is None,
        answer=f"{text} [1]" if hit else text,
        short=None,
        sentences=(Sentence(text, (1,)),) if hit else (),
        citations=(_cite(hit),) if hit else (),
        disagreements=(),
        nearest=(),
        model="baseline",
        seconds=0.0,
        probability=0.5,
    )


def _cite(hit: Hit) -> Citation:
    passage, article = hit.passage, hit.passage.article
    day = article.published.day
    return Citation(
        number=1,
        source=article.source,
        title=article.title,
        publisher=article.publisher,
        published=day.isoformat() if day else None,
        start=passage.start,
        end=passage.end,
        quote=passage.text,
        article_id=article.id,
    )
