"""An answer, a turn and an empty conversation as HTML."""

import re
from collections.abc import Sequence

from qa.answer import Answer, Citation, Disagreement, Sentence
from qa.chat.html import TIP, button, clipped, count, day, isolated, name, number, origin_of, rows, same, text
from qa.chat.talk import Turn

SURE = ((0.9, "Very sure"), (0.75, "Fairly sure"), (0.5, "Likely, worth checking"), (0.0, "Unsure, check the source"))
LISTED = 8  # sources shown under an answer before the rest are folded away
OPENING = '<section class="welcome"><p class="wait">Opening the articles<span>…</span></p></section>'
NEAREST = 3  # passages shown with a refusal


def numbers(found: Sequence[int], answer: Answer, turn: int) -> str:
    """The buttons of a sentence's citations; a number without a citation is left out."""
    by_number = {citation.number: citation for citation in answer.citations}
    return "".join(number(by_number[one], turn) for one in found if one in by_number)


def glued(words: str, buttons: str) -> str:
    """Citation numbers kept on one line with the last word before them, so that none starts a line."""
    before, space, last = words.rpartition(" ")
    if not buttons or "<" in last or len(last) > 30 or buttons.count("<button") > 5:
        return words + buttons
    return f'{before}{space}<span class="tail">{last}{buttons}</span>'


def said(sentence: Sentence, answer: Answer, turn: int) -> str:
    """A sentence with its citations; the short answer stands out in it."""
    short = re.search(rf"(?<!\w){re.escape(answer.short)}(?!\w)", sentence.text) if answer.short else None
    start, end = short.span() if short else (0, 0)
    strong = f"<strong>{text(sentence.text[start:end])}</strong>" if short else ""
    words = text(sentence.text[:start]) + strong + text(sentence.text[end:])
    doubt = "" if sentence.supported else '<span class="doubt">not supported by the articles</span>'
    return f'<p class="said" dir="auto">{glued(words, numbers(sentence.citations, answer, turn))}{doubt}</p>'


def lead(answer: Answer) -> str:
    """The short answer as the answer's text opens with it, with the day it means: "Monday (20 November 2023)"."""
    if not answer.short:
        return ""
    return answer.answer[: len(answer.short)] + answer.answer[len(answer.short) :].partition(" — ")[0]


def body(answer: Answer, turn: int) -> str:
    """The short answer, large, and the sentences that the text holds so far."""
    sentences = [sentence for sentence in answer.sentences if sentence.text in answer.answer]
    lone = [sentence for sentence in sentences if same(sentence.text, answer.short or "")]
    cited = numbers(lone[0].citations, answer, turn) if lone else ""
    head = f'<p class="short" dir="auto">{glued(text(lead(answer)), cited)}</p>' if answer.short else ""
    rest = [one for one in sentences if one not in lone]
    return head + (timeline(rest, answer, turn) or "".join(said(one, answer, turn) for one in rest))


def timeline(sentences: Sequence[Sentence], answer: Answer, turn: int) -> str:
    """Sentences of several days as a list by date; "" when they are not that."""
    if answer.short:
        return ""
    by_number = {citation.number: citation.published for citation in answer.citations}
    days = [next(filter(None, map(by_number.get, sentence.citations)), None) for sentence in sentences]
    if len({when for when in days if when}) < 2:
        return ""
    newest_first = [when or "" for when in days] == sorted((when or "" for when in days), reverse=True)
    told = list(zip(days, sentences, strict=True))
    items, before = "", ""
    for when, sentence in told if newest_first else sorted(told, key=lambda one: one[0] or "9999"):
        head = f'<span class="when">{day(when)}</span>' if day(when) != before else ""
        items += f"<li>{head}{said(sentence, answer, turn)}</li>"
        before = day(when)
    return f'<ol class="timeline" aria-label="What the articles said, by date of publication">{items}</ol>'


def disagreement(found: Sequence[Disagreement], answer: Answer, turn: int) -> str:
    """A small table of what independent sources say; nothing when they agree."""
    if not found:
        return ""
    cells = (
        (isolated(one.value) + (" (reads as an update)" if one.update else ""),
         isolated(one.publisher or "publisher not named"), day(one.published),
         numbers([one.citation], answer, turn))
        for one in found
    )  # fmt: skip
    heads = "".join(f'<th scope="col">{one}</th>' for one in ("Value", "Publisher", "Date", "Source"))
    return (
        f'<table class="differ"><caption>The sources disagree</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows(cells)}</tbody></table>"
    )


def sources(answer: Answer, turn: int) -> str:
    """The cited articles, each once, with its citation numbers; a long list is folded."""
    groups: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        groups.setdefault(citation.article_id or citation.source, []).append(citation)
    if not groups:
        return ""
    items = [
        f'<li><span class="marks">{"".join(number(one, turn) for one in group)}</span>'
        f"<span>{name(group[0])}{origin_of(group[0])}</span></li>"
        for group in groups.values()
    ]
    rest = "".join(items[LISTED:])
    more = len(items) - LISTED
    folded = f"<details><summary>{count(more, 'more source')}</summary><ul>{rest}</ul></details>" if rest else ""
    shown = "".join(items[:LISTED])
    label = f"Sources of question {turn + 1}"
    return f'<section class="sources" aria-label="{label}"><h3>Sources</h3><ul>{shown}</ul>{folded}</section>'


def nearest(answer: Answer, turn: int) -> str:
    """The passages that came closest, for a refusal."""
    items = "".join(
        f"<li>{number(one, turn, 'near')}<span><q>{isolated(clipped(one.quote, TIP))}</q>"
        f"{name(one)}{origin_of(one)}</span></li>"
        for one in answer.nearest[:NEAREST]
    )
    return f'<section class="sources"><h3>The nearest passages</h3><ul>{items}</ul></section>' if items else ""


def sureness(probability: float) -> str:
    """How sure the answer is, in words; the number on hover or focus."""
    words = next(words for floor, words in SURE if probability >= floor or floor == 0)
    tip = f"About {probability:.0%} of answers with this score are right"
    return f'<span class="sure" role="note" tabindex="0" data-tip="{tip}" aria-label="{words}. {tip}">{words}</span>'


def facts(answer: Answer) -> str:
    """The line below an answer: how sure, which dates were looked at, notes, how long it took."""
    parts = [] if answer.refused else [sureness(answer.probability)]
    parts += [f"<span>Dates: {text(answer.window)}</span>"] if answer.window else []
    parts += [f"<span>{text(answer.note)}</span>"] if answer.note else []
    parts.append(f"<span>{text(answer.model)}, {answer.seconds:.1f} s</span>")
    return f'<p class="facts">{"".join(parts)}</p>'


def understood(answer: Answer, turn: int, done: bool) -> str:
    """The self-contained question, where it is not the one typed; a button to put it right."""
    if same(answer.standalone, answer.question):
        return ""
    correct = " " + button("Correct this", "correct", "quiet", turn=turn) if done else ""
    return f'<p class="understood">Understood as: {isolated(answer.standalone)}{correct}</p>'


def render_answer(answer: Answer, turn: int = 0, done: bool = True) -> str:
    """An answer as HTML; `turn` is its place in the conversation, which its buttons name."""
    if answer.refused:
        lacking = f'<p class="lacking" dir="auto">{text(answer.missing)}</p>' if answer.missing else ""
        inner, after = f'<p class="said" dir="auto">{text(answer.answer)}</p>{lacking}', nearest(answer, turn)
    else:
        inner, after = body(answer, turn), disagreement(answer.disagreements, answer, turn) + sources(answer, turn)
    kind = "answer refused" if answer.refused else "answer"
    ended = after + facts(answer) if done else ""
    return f'{understood(answer, turn, done)}<div class="{kind}">{inner}{ended}</div>'


def tools(turn: Turn, place: int) -> str:
    """What can be done with a turn that has ended."""
    parts = []
    if turn.answer and not turn.stopped:
        parts = [button("Copy", "copy", turn=place), button("Sources", "sources", turn=place)]
    parts += [button("Edit", "edit", turn=place), button("Ask again", "retry", turn=place)]
    if turn.answer and not turn.stopped:
        parts += [_vote("Right", "right", turn, place), _vote("Wrong", "wrong", turn, place)]
    return f'<div class="tools" role="group" aria-label="Question {place + 1}">{"".join(parts)}</div>'


def _vote(label: str, vote: str, turn: Turn, place: int) -> str:
    pressed = "true" if turn.vote == vote else "false"
    off = " disabled" if turn.vote else ""
    return (
        f'<button type="button" data-event="{vote}" data-turn="{place}" aria-pressed="{pressed}"{off}>'
        f"{label}{': saved' if turn.vote == vote else ''}</button>"
    )


def render_turn(turn: Turn, place: int) -> str:
    """A question and what came of it so far."""
    parts = [f'<h2 dir="auto">{text(turn.question)}</h2>']
    if turn.answer:
        parts.append(render_answer(turn.answer, place, turn.done and not turn.stopped))
    elif not turn.done:
        parts.append('<p class="wait">Reading the articles<span>…</span></p>')
    if turn.stopped:
        parts.append('<p class="stopped" role="status">Stopped.</p>')
    if turn.problem:
        parts.append(f'<p class="problem" role="alert">{text(turn.problem)}</p>')
    parts.append(tools(turn, place) if turn.done else button("Stop", "stop", "stop"))
    busy = "false" if turn.done else "true"
    return f'<article class="turn" id="turn-{place}" aria-busy="{busy}">{"".join(parts)}</article>'


def render_past(turns: Sequence[Turn], shown: int) -> str:
    """The turns before the last, the oldest left out where there are more than that many."""
    first = max(0, len(turns) - 1 - shown)
    left = f'<p class="older">{count(first, "earlier question")} not shown; Export has all of them.</p>'
    done = "".join(render_turn(turn, place) for place, turn in enumerate(turns[:-1]) if place >= first)
    return (left if first else "") + done


def render_welcome(articles: int, examples: Sequence[str]) -> str:
    """What an empty conversation shows: what this is, and questions to start with."""
    if not articles:
        return (
            '<section class="welcome"><h2>There is nothing to ask yet</h2><p>The library is empty. Put articles in: '
            "text, HTML, PDF, Word, Markdown or JSON, one by one or a whole folder. Then ask them a question.</p>"
            '<button type="button" class="go" data-view="library">Open the library</button></section>'
        )
    chips = "".join(
        f'<li><button type="button" data-event="example" data-number="{place}">{text(example)}</button></li>'
        for place, example in enumerate(examples)
    )
    tries = f'<p id="try">Try one of these</p><ul aria-labelledby="try">{chips}</ul>' if chips else ""
    return (
        f'<section class="welcome"><h2>Ask {count(articles, "article")} a question</h2><p>Every sentence of an answer '
        f"is cut from an article. Open its number to read it where it stands, with who wrote it and when.</p>"
        f"{tries}</section>"
    )
