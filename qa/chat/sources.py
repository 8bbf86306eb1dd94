"""The pane beside the conversation: an article with the cited words marked, or the passages behind an answer."""

from collections.abc import Mapping, Sequence

from ingest.article import Article, headline
from qa.answer import Answer, Citation
from qa.chat.forms import render_bounds
from qa.chat.html import (
    TIP,
    button,
    clipped,
    count,
    isolated,
    name,
    number,
    origin,
    origin_of,
    pane,
    text,
)  # fmt: skip
from qa.chat.talk import Choices

CONTEXT = 50_000  # characters of article shown on each side of a quote: more slows a browser down
UNFOLDED = 12  # stories listed before the rest are folded away

Passages = list[tuple[Citation, str]]  # each with "cited" or "near"


def render_source(citation: Citation, article: Article | None, turn: int | None = None) -> str:
    """The cited words marked inside their article; the quote alone when the article is gone or has changed.

    With `turn`, a button leads to all passages of that turn.
    """
    start, end = citation.start, citation.end
    marked = f'<mark tabindex="-1">{text(citation.quote)}</mark>'
    if article is None or article.text[start:end] != citation.quote:
        words = f"{marked}\n\nThis article has changed since; these are the words that were quoted."
    else:
        before, after = article.text[max(0, start - CONTEXT) : start], article.text[end : end + CONTEXT]
        words = f"{'…' * (start > CONTEXT)}{text(before)}{marked}{text(after)}"
        words += "…" * (len(article.text) > end + CONTEXT)
    back = button("‹ All sources", "sources", "quiet", turn=turn) if turn is not None else ""
    file = f'<p class="origin">{isolated(citation.source)}</p>' if citation.title else ""
    head = f"{back}<h2>{name(citation)}</h2><p>{origin_of(citation)}</p>{_doubt(article)}{file}"
    return pane(f"Source {citation.number}", head, f'<div class="words" dir="auto" tabindex="0">{words}</div>')


def render_article(article: Article) -> str:
    """A whole article, nothing marked."""
    day = article.published.day
    file = f'<p class="origin">{isolated(article.source)}</p>' if article.title else ""
    where = origin(article.publisher, day.isoformat() if day else None, article.published.provenance)
    head = f"<h2>{isolated(headline(article))}</h2><p>{where}</p>{_doubt(article)}{file}"
    words = text(article.text[: 2 * CONTEXT]) + "…" * (len(article.text) > 2 * CONTEXT)
    return pane("Article", head, f'<div class="words" dir="auto" tabindex="0">{words}</div>')


def _doubt(article: Article | None) -> str:
    others = article.published.others if article else ()
    return f'<p class="origin">Also dated: {isolated("; ".join(others))}</p>' if others else ""


def render_sources(
    answer: Answer | None, turn: int | None, choices: Choices, known: Mapping[str, int], told: str = ""
) -> str:
    """The passages cited and considered, by story, and what the next question is limited to.

    `known`: the store's publishers, with their articles; `told`: what was wrong with the limits asked for.
    """
    head = "<h2>Sources</h2>"
    if answer is None or turn is None:
        bounds = render_bounds(choices, (), known, None, told)
        return pane("Sources", head, f'<div class="list">{bounds}</div>')
    stories = grouped(answer)
    items = [_story(passages, turn) for passages in stories]
    more = len(items) - UNFOLDED
    rest = "".join(items[UNFOLDED:])
    folded = f"<details><summary>{count(more, 'more story', 'more stories')}</summary>{rest}</details>" if rest else ""
    cited = sum(kind == "cited" for story in stories for _, kind in story)
    seen = sum(map(len, stories)) - cited
    counted = f"{cited} cited, {seen} also considered, in {count(len(stories), 'story', 'stories')}"
    note = f'<p class="origin">{counted}. Articles of one story count as one source.</p>'
    bounds = render_bounds(choices, [one.publisher for story in stories for one, _ in story], known, turn, told)
    first = bounds if told else ""  # what is wrong must be seen
    listed = f"{first}{''.join(items[:UNFOLDED])}{folded}{'' if told else bounds}"
    return pane("Sources", f"{head}{note}", f'<div class="list">{listed}</div>')


def grouped(answer: Answer) -> list[Passages]:
    """The cited passages, then the others that were considered, by story; stories in the order of their best."""
    found: dict[str, Passages] = {}
    for one in answer.citations:
        found.setdefault(one.cluster or one.article_id or one.source, []).append((one, "cited"))
    for one in answer.nearest:
        if not any(one.article_id == cited.article_id and _overlap(one, cited) for cited in answer.citations):
            found.setdefault(one.cluster or one.article_id or one.source, []).append((one, "near"))
    return list(found.values())


def _overlap(one: Citation, other: Citation) -> bool:
    return one.start < other.end and other.start < one.end


def _story(passages: Sequence[tuple[Citation, str]], turn: int) -> str:
    articles = {one.article_id or one.source for one, _ in passages}
    several = f'<p class="origin">{len(articles)} articles tell this story</p>' if len(articles) > 1 else ""
    items = "".join(
        f'<li class="{kind}">{number(one, turn, kind)}<span><q>{isolated(clipped(one.quote, TIP))}</q>'
        f"{origin_of(one)}</span></li>"
        for one, kind in passages
    )
    return f'<section class="story"><h3>{name(passages[0][0])}</h3>{several}<ul>{items}</ul></section>'
