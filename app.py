"""The chat: python app.py. Rendering an Answer is a chain of pure functions; only page() and launch() meet gradio."""

import argparse
import ipaddress
import logging
import os
import re
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.article import Article
from ingest.errors import Parser, UserError
from ingest.store import DEFAULT_STORE
from qa.answer import Answer, Citation, Disagreement, Sentence
from qa.ask import Asker, open_asker
from qa.config import DEFAULT

if TYPE_CHECKING:  # 4 s to import
    import gradio as gr

LONGEST = DEFAULT.question_chars + 1  # characters taken from the question box: one too many, so that the asker says so
CONTEXT = 50_000  # characters of article shown on each side of a quote: more slows a browser down
TIP = 280  # characters of a quote shown when a citation number is hovered or focused
WAITING = 64  # questions in the queue before the page says to come back later
SEEDS = Path(__file__).parent / "seeds"
EXAMPLES = (  # about seeds/: a date to work out, two numbers, several articles, and one that the articles do not hold
    "When did North Korea admit that its forces were helping Moscow?",
    "How many containers of military equipment has North Korea delivered to Russia?",
    "How many cooperation agreements did Macron and Xi sign?",
    "What has Macron said about North Korean troops?",
    "What did Macron and Xi agree on the price of oil?",
)
SURE = ((0.9, "Very sure"), (0.75, "Fairly sure"), (0.5, "Likely, worth checking"), (0.0, "Unsure, check the source"))
DATED = {  # Published.provenance, in words
    "field": "date given with the article",
    "meta": "dated by its page",
    "stamp": "dated by the article's own stamp",
    "url": "dated by its address",
    "text": "date inferred from the text",
    "undated": "undated",
}
SORRY = "Something went wrong while answering. The details are in the terminal where Byline runs; please ask again."


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and what came of it so far."""

    question: str
    answer: Answer | None = None
    problem: str = ""  # what went wrong, for the user
    done: bool = False


# ---- rendering: every word that we did not write goes through text() ----


def text(words: str) -> str:
    """Words as HTML that shows them and nothing else; a lone surrogate, which no page can hold, becomes "?"."""
    return escape(words.encode("utf-8", "replace").decode(), quote=True)


def isolated(words: str) -> str:
    """Words whose writing direction cannot reach what stands around them."""
    return f"<bdi>{text(words)}</bdi>"


def day(published: str | None) -> str:
    """An ISO date as "1 June 2025"; "undated" for None."""
    if not published:
        return "undated"
    try:
        when = date.fromisoformat(published)
    except ValueError:
        return text(published)
    return f'<time datetime="{when}">{when.day} {when:%B %Y}</time>'


def dated(citation: Citation) -> str:
    """The date and how it is known."""
    how = text(DATED.get(citation.provenance, citation.provenance))
    return f"{day(citation.published)} ({how})" if citation.published else "undated"


def origin(citation: Citation) -> str:
    """Publisher, date, and how the date is known: one line."""
    publisher = isolated(citation.publisher) if citation.publisher else "publisher not named"
    return f'<span class="origin">{publisher} · {dated(citation)}</span>'


def name(citation: Citation) -> str:
    """What the source is called: its title, or its file's name when it has none."""
    return isolated(citation.title or citation.source)


def clipped(words: str, most: int) -> str:
    """At most that many characters, cut between words where there is a space."""
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "…"


def number(citation: Citation, turn: int, kind: str = "cited") -> str:
    """The button that opens a citation; its quote shows when hovered or focused."""
    who = citation.publisher or citation.title or citation.source
    tip = f"{who}, {citation.published or 'undated'}\n{clipped(citation.quote, TIP)}"
    return (
        f'<button type="button" class="cite" data-event="cite" data-turn="{turn}" data-kind="{kind}"'
        f' data-number="{citation.number}" data-tip="{text(tip)}"'
        f' aria-label="Source {citation.number}, {text(who)}: open the passage">{citation.number}</button>'
    )


def numbers(found: Sequence[int], answer: Answer, turn: int) -> str:
    """The buttons of a sentence's citations; a number without a citation is left out."""
    by_number = {citation.number: citation for citation in answer.citations}
    return "".join(number(by_number[one], turn) for one in found if one in by_number)


def glued(words: str, buttons: str) -> str:
    """Citation numbers kept on one line with the last word before them, so that none starts a line."""
    before, space, last = words.rpartition(" ")
    if not buttons or "<" in last or len(last) > 30:
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


def same(one: str, other: str) -> bool:
    """Do two strings say the same, but for case, spaces and the full stop?"""
    return " ".join(one.split()).rstrip(".").casefold() == " ".join(other.split()).rstrip(".").casefold()


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
    return head + "".join(said(one, answer, turn) for one in sentences if one not in lone)


def disagreement(found: Sequence[Disagreement], answer: Answer, turn: int) -> str:
    """A small table of what independent sources say; nothing when they agree."""
    if not found:
        return ""
    rows = "".join(
        f"<tr><td>{isolated(one.value)}</td><td>{isolated(one.publisher or 'publisher not named')}</td>"
        f"<td>{day(one.published)}</td><td>{numbers([one.citation], answer, turn)}</td></tr>"
        for one in found
    )
    head = "<tr><th>Value</th><th>Publisher</th><th>Date</th><th>Source</th></tr>"
    return f'<table class="differ"><caption>The sources disagree</caption>{head}{rows}</table>'


def sources(answer: Answer, turn: int) -> str:
    """The cited articles, each once, with its citation numbers."""
    groups: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        groups.setdefault(citation.article_id or citation.source, []).append(citation)
    if not groups:
        return ""
    rows = "".join(
        f"<li>{''.join(number(one, turn) for one in group)}<span>{name(group[0])}{origin(group[0])}</span></li>"
        for group in groups.values()
    )
    return f'<section class="sources" aria-label="Sources"><h3>Sources</h3><ul>{rows}</ul></section>'


def nearest(answer: Answer, turn: int) -> str:
    """The passages that came closest, for a refusal."""
    rows = "".join(
        f"<li>{number(one, turn, 'near')}<span><q>{isolated(clipped(one.quote, TIP))}</q>"
        f"{name(one)}{origin(one)}</span></li>"
        for one in answer.nearest[:3]
    )
    return f'<section class="sources"><h3>The nearest passages</h3><ul>{rows}</ul></section>' if rows else ""


def sureness(probability: float) -> str:
    """How sure the answer is, in words; the number on hover or focus."""
    words = next(words for floor, words in SURE if probability >= floor or floor == 0)
    tip = f"About {probability:.0%} of answers with this score are right"
    return f'<span class="sure" tabindex="0" data-tip="{tip}" aria-label="{words}. {tip}">{words}</span>'


def facts(answer: Answer) -> str:
    """The line below an answer: how sure, which dates were looked at, notes, how long it took."""
    parts = [] if answer.refused else [sureness(answer.probability)]
    parts += [f"<span>Dates: {text(answer.window)}</span>"] if answer.window else []
    parts += [f"<span>{text(answer.note)}</span>"] if answer.note else []
    parts.append(f"<span>{text(answer.model)}, {answer.seconds:.1f} s</span>")
    return f'<p class="facts">{"".join(parts)}</p>'


def render_answer(answer: Answer, turn: int = 0, done: bool = True) -> str:
    """An answer as HTML; `turn` is its place in the conversation, which its buttons name."""
    understood = "" if same(answer.standalone, answer.question) else isolated(answer.standalone)
    asked = f'<p class="understood">Understood as: {understood}</p>' if understood else ""
    if answer.refused:
        inner, after = f'<p class="said" dir="auto">{text(answer.answer)}</p>', nearest(answer, turn)
    else:
        inner, after = body(answer, turn), disagreement(answer.disagreements, answer, turn) + sources(answer, turn)
    kind = "answer refused" if answer.refused else "answer"
    return f'{asked}<div class="{kind}">{inner}{after + facts(answer) if done else ""}</div>'


def render_turn(turn: Turn, place: int) -> str:
    """A question and what came of it so far."""
    parts = [f'<h2 dir="auto">{text(turn.question)}</h2>']
    if turn.answer:
        parts.append(render_answer(turn.answer, place, turn.done))
    elif not turn.done:
        parts.append('<p class="wait">Reading the articles<span>…</span></p>')
    if turn.problem:
        parts.append(f'<p class="problem" role="alert">{text(turn.problem)}</p>')
    busy = "false" if turn.done else "true"
    return f'<article class="turn" id="turn-{place}" aria-busy="{busy}">{"".join(parts)}</article>'


def render_source(citation: Citation, article: Article | None) -> str:
    """The cited words marked inside their article; the quote alone when the article is gone or has changed."""
    start, end = citation.start, citation.end
    marked = f'<mark tabindex="-1">{text(citation.quote)}</mark>'
    if article is None or article.text[start:end] != citation.quote:
        words = f"{marked}\n\nThis article has changed since; these are the words that were quoted."
    else:
        before, after = article.text[max(0, start - CONTEXT) : start], article.text[end : end + CONTEXT]
        words = f"{'…' * (start > CONTEXT)}{text(before)}{marked}{text(after)}"
        words += "…" * (len(article.text) > end + CONTEXT)
    others = article.published.others if article else ()
    file = f'<p class="origin">{isolated(citation.source)}</p>' if citation.title else ""
    doubt = f'<p class="origin">Also dated: {isolated("; ".join(others))}</p>' if others else ""
    return (
        f'<aside class="source" role="dialog" aria-label="Source {citation.number}"><header>'
        f'<button type="button" class="close" data-event="close" aria-label="Close the source">✕</button>'
        f"<h2>{name(citation)}</h2><p>{origin(citation)}</p>{doubt}"
        f"{file}</header>"
        f'<div class="words" dir="auto" tabindex="0">{words}</div></aside>'
    )


def render_welcome(count: int, examples: Sequence[str]) -> str:
    """What an empty conversation shows: what this is, and questions to start with."""
    chips = "".join(
        f'<li><button type="button" data-event="example" data-number="{place}">{text(example)}</button></li>'
        for place, example in enumerate(examples)
    )
    tries = f'<p id="try">Try one of these</p><ul aria-labelledby="try">{chips}</ul>' if chips else ""
    size = f"{count:,} article{'s' * (count != 1)}" if count else "your articles"
    return (
        f'<section class="welcome"><h2>Ask {size} a question</h2><p>Every sentence of an answer is cut from an '
        f"article. Open its number to read it where it stands, with who wrote it and when.</p>{tries}</section>"
    )


# ---- the page ----

STYLE = """
:root, .gradio-container { --ink:#1c1d21; --soft:#5d6068; --line:#e4e2dc; --paper:#fbfaf7; --card:#fff; --tone:#0a5c63;
  --tint:#e3f0f0; --mark:#ffe79a; --calm:#f1f0ec; --alarm:#8a2d1c; }
.dark, .dark .gradio-container { --ink:#ecebe7; --soft:#a6a8ae; --line:#34363c; --paper:#16171a; --card:#1e2024;
  --tone:#7fd0d3; --tint:#1d3437; --mark:#6b5a14; --calm:#222429; --alarm:#f0a795; }
body, .gradio-container { background:var(--paper) !important; color:var(--ink) !important; }
.gradio-container { overflow:clip !important; }
.gradio-container .main, .gradio-container .main > .wrap, .gradio-container main { max-width:none !important;
  margin:0 !important; padding:0 !important; }
.gradio-container .html-container { padding:0; }
footer { display:none !important; }
#talk { gap:0; min-height:100dvh; width:100%; max-width:48rem; margin:0 auto; padding:0 1.2rem; }
#top { display:flex; align-items:center; justify-content:space-between; flex-wrap:nowrap; padding:1rem 0 .6rem;
  border-bottom:1px solid var(--line); }
#brand h1 { font:700 1.35rem/1.2 Georgia,"DejaVu Serif",serif; margin:0; color:var(--ink); letter-spacing:-.01em; }
#new { flex:0 0 auto; min-width:0; width:auto; background:none; border:1px solid var(--line); color:var(--ink);
  border-radius:99px; font-weight:500; padding:.4rem .9rem; }
#intro, #past, #live { color:var(--ink); }
#intro:has(~ #live .turn) { display:none; }
#live { flex:1; }
#past:has(.turn) + #live:has(.turn) { min-height:calc(100dvh - 7rem); }
.turn { padding:1.6rem 0 .4rem; scroll-margin-top:.5rem; overflow-wrap:anywhere; }
.turn h2, .welcome h2 { font:600 1.3rem/1.35 Georgia,"DejaVu Serif",serif; margin:0 0 .7rem; color:var(--ink); }
.turn h2 { max-height:11rem; overflow-y:auto; }
.turn p { margin:0 0 .7rem; line-height:1.6; }
.understood { color:var(--soft); font-size:.9rem; }
.answer { background:var(--card); border:1px solid var(--line); border-radius:14px; padding:1.1rem 1.2rem .8rem;
  border-left:4px solid var(--tone); position:relative; }
.answer.refused { background:var(--calm); border-left-color:var(--line); color:var(--soft); }
.answer.refused .said { font-size:1.05rem; color:var(--ink); }
.short { font:600 1.45rem/1.35 Georgia,"DejaVu Serif",serif; color:var(--tone); }
.said strong { color:var(--tone); font-weight:600; }
.doubt { color:var(--alarm); font-size:.8rem; margin-left:.4rem; border-bottom:1px dotted; }
.cite { font:600 .75rem/1 system-ui,sans-serif; min-width:1.5rem; height:1.5rem; padding:0 .35rem;
  margin:0 .15rem 0 .25rem; border:0; border-radius:7px; background:var(--tint); color:var(--tone); cursor:pointer;
  vertical-align:.1em; }
.cite:hover { background:var(--tone); color:var(--card); }
#talk button:focus-visible, #source button:focus-visible, .sure:focus-visible
  { outline:2px solid var(--tone); outline-offset:2px; }
.said, .short, .sources li, .facts, .differ { position:relative; }
.tail { white-space:nowrap; }
@media (hover:hover) { .cite:hover::after, .cite:focus-visible::after, .sure:hover::after, .sure:focus-visible::after {
  content:attr(data-tip); position:absolute; left:0; right:0; top:calc(100% + .3rem); z-index:5; text-align:left;
  padding:.7rem .9rem; border-radius:10px; background:var(--ink); color:var(--paper);
  font:400 .85rem/1.5 system-ui,sans-serif; box-shadow:0 6px 24px #0003; pointer-events:none; white-space:pre-line; }
  #talk:has(~ #source .source) .cite::after { display:none !important; } }
.sources { border-top:1px solid var(--line); margin-top:.9rem; padding-top:.7rem; }
.sources h3 { font:600 .8rem/1 system-ui,sans-serif; color:var(--soft); margin:0 0 .5rem; }
.sources ul { list-style:none; margin:0; padding:0; }
.sources li { display:flex; gap:.4rem; align-items:baseline; margin:.45rem 0; font-size:.92rem; color:var(--ink); }
.sources li .cite { flex:none; margin-left:0; }
.sources q { display:block; font-family:Georgia,"DejaVu Serif",serif; color:var(--soft); margin-bottom:.15rem; }
.sources q::before, .sources q::after { content:none; }
.origin { display:block; color:var(--soft); font-size:.82rem; }
.differ { width:100%; border-collapse:collapse; font-size:.92rem; margin:.8rem 0; }
.differ caption { text-align:left; font-weight:600; padding-bottom:.3rem; }
.differ th, .differ td { text-align:left; padding:.4rem .5rem .4rem 0; border-bottom:1px solid var(--line); }
.differ .cite { margin-left:0; }
.differ th { color:var(--soft); font-weight:500; font-size:.8rem; }
.turn .facts { display:flex; flex-wrap:wrap; gap:.2rem 1rem; margin:.8rem 0 0; color:var(--soft); font-size:.8rem; }
.sure { color:var(--tone); font-weight:600; cursor:help; }
.problem { color:var(--alarm); }
.wait { color:var(--soft); animation:pulse 1.4s infinite; }
@keyframes pulse { 50% { opacity:.4; } }
@media (prefers-reduced-motion:reduce) { .wait { animation:none; } }
.welcome { padding:12vh 0 1rem; }
.welcome h2 { font-size:1.9rem; }
.welcome p { color:var(--soft); margin:0 0 1rem; line-height:1.6; max-width:36rem; }
.welcome #try { margin:1.6rem 0 .5rem; font-size:.85rem; }
.welcome ul { list-style:none; margin:0; padding:0; display:grid; gap:.5rem; }
.welcome ul button { width:100%; text-align:left; padding:.7rem 1rem; border:1px solid var(--line); border-radius:12px;
  background:var(--card); color:var(--ink); cursor:pointer; font:inherit; }
.welcome ul button:hover { border-color:var(--tone); }
#ask { position:sticky; bottom:0; padding:1.2rem 0 1rem !important;
  background:linear-gradient(transparent,var(--paper) 30%); border:0; border-radius:0; z-index:4;
  overflow:visible !important; }
#ask .input-container { background:var(--card); border:1px solid var(--line); border-radius:14px; padding:.35rem;
  align-items:flex-end; box-shadow:0 2px 12px #0000000d; }
#ask .input-container:focus-within { border-color:var(--tone); box-shadow:0 0 0 1px var(--tone); }
#ask textarea { background:none; border:0; box-shadow:none; color:var(--ink); font-size:1rem; padding:.45rem .6rem; }
#ask textarea::placeholder { color:var(--soft); opacity:1; }
#ask .submit-button { width:auto; height:2.2rem; padding:0 1rem; margin:0; border-radius:10px; background:var(--tone);
  color:var(--card); font-weight:600; font-size:.9rem; }
#source:not(:has(.source)) { display:none; }
.source { position:fixed; inset:0 0 0 auto; width:min(30rem,100vw); z-index:20; display:flex; flex-direction:column;
  background:var(--card); color:var(--ink); border-left:1px solid var(--line); box-shadow:-8px 0 32px #0002; }
.source header { padding:1.1rem 3.2rem .8rem 1.3rem; border-bottom:1px solid var(--line); overflow-wrap:anywhere;
  max-height:40%; overflow-y:auto; }
.source h2 { font:600 1.1rem/1.35 Georgia,"DejaVu Serif",serif; margin:0 0 .3rem; color:var(--ink); }
.source p { margin:0; }
.source .words { flex:1; overflow-y:auto; padding:1.1rem 1.3rem 40vh; white-space:pre-wrap; overflow-wrap:anywhere;
  font:400 1rem/1.65 Georgia,"DejaVu Serif",serif; }
.source mark { background:var(--mark); color:inherit; padding:.1em 0; border-radius:3px; outline:none; }
.close { position:absolute; top:.8rem; right:.8rem; width:2.2rem; height:2.2rem; border:0; border-radius:50%;
  cursor:pointer; background:var(--calm); color:var(--ink); font-size:1rem; }
@media (min-width:62rem) { #talk:has(~ #source .source) { margin:0 30rem 0 auto; width:min(48rem,100vw - 30rem); } }
@media (min-width:90rem) { #talk:has(~ #source .source) { margin-right:calc((100vw - 30rem - 48rem) / 2 + 30rem); } }
@media (max-width:40rem) {
  .source { inset:18vh 0 0 0; width:100vw; border-radius:16px 16px 0 0; border:0; border-top:1px solid var(--line); }
  .welcome { padding-top:2rem; } .welcome h2 { font-size:1.5rem; } }
"""

CLICKS = """element.addEventListener('click', event => {
  const button = event.target.closest('button[data-event]');
  if (!button) return;
  window.bylineOpener = button;
  const known = {cite: 'cite', example: 'example'};
  if (known[button.dataset.event]) trigger(known[button.dataset.event], {...button.dataset});
});
let shown = null;
watch('value', () => {
  const turn = element.closest('#live') && element.querySelector('.turn');
  if (turn && turn.id !== shown) turn.scrollIntoView({block: 'start'});
  shown = turn ? turn.id : null;
});"""

CLOSING = """const close = () => { if (props.value) { props.value = ''; window.bylineOpener?.focus(); } };
element.addEventListener('click', event => { if (event.target.closest('.close')) close(); });
document.addEventListener('keydown', event => { if (event.key === 'Escape') close(); });"""

SHOW_MARK = """() => requestAnimationFrame(() => {
  const mark = document.querySelector('#source mark');
  if (mark) { mark.scrollIntoView({block: 'center'}); mark.focus({preventScroll: true}); }
})"""

HEAD = """<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E
%3Crect width='32' height='32' rx='7' fill='%230a5c63'/%3E%3Ctext x='16' y='23' font-size='20' text-anchor='middle'
 font-family='serif' fill='white'%3EB%3C/text%3E%3C/svg%3E">"""


class Desk:
    """The one asker that all sessions share, opened again whenever the store's content has changed."""

    def __init__(self, opened: Callable[[], Asker]) -> None:
        """`opened` opens the store and loads the models; it is called when they are first needed."""
        self._open, self._lock = opened, threading.Lock()
        self._asker: Asker | None = None
        self._version = ""

    def asker(self) -> Asker:
        """The asker over what the store holds now."""
        with self._lock:
            if self._asker is None or self._asker.store.version() != self._version:
                self._asker = self._open()
                self._version = self._asker.store.version()
            return self._asker

    def article(self, citation: Citation) -> Article | None:
        """The article that a citation points into; None when the store holds it no more."""
        try:
            return self.asker().store.article(citation.article_id)
        except (UserError, KeyError):
            return None


def answering(desk: Desk, question: str, turns: Sequence[Turn]) -> Iterator[Turn]:
    """The turn of a new question, growing; whatever goes wrong is told in it, never raised."""
    turn = Turn(question)
    yield turn
    try:
        history = [earlier.question for earlier in turns if earlier.answer]
        for answer in desk.asker().stream(question, history):
            turn = replace(turn, answer=answer)
            yield turn
    except UserError as error:
        turn = replace(turn, problem=str(error))
    except Exception:
        logging.exception("asking failed")
        turn = replace(turn, problem=SORRY)
    yield replace(turn, done=True)


def cited(turns: Sequence[Turn], chosen: dict[str, Any]) -> Citation | None:
    """The citation that a button names; None when the page asks for what is not there."""
    try:
        answer = turns[int(chosen["turn"])].answer
        wanted = int(chosen["number"])
    except (LookupError, TypeError, ValueError):
        return None
    found = () if answer is None else answer.nearest if chosen.get("kind") == "near" else answer.citations
    return next((citation for citation in found if citation.number == wanted), None)


def examples(desk: Desk) -> tuple[str, ...]:
    """Questions to start with, when the store holds the seeds: other articles would not answer them."""
    articles = desk.asker().store.articles()
    seeds = {path.name for path in SEEDS.glob("*")}
    held = {article.source for article, _ in zip(articles, range(len(seeds) + 1), strict=False)}
    return EXAMPLES if held and held == seeds else ()


def page(desk: Desk) -> "gr.Blocks":
    """The page, wired; every handler only joins the functions above to gradio's components."""
    import gradio as gr

    def welcome() -> str:
        return render_welcome(desk.asker().store.counts()["articles"], examples(desk))

    def ask(question: str, turns: list[Turn]) -> Iterator[tuple[Any, ...]]:
        """Yields (earlier turns, this turn, conversation, question box)."""
        question = question.strip()[:LONGEST]
        if not question:
            yield (gr.skip(),) * 4  # a generator that yields nothing empties the page
            return
        past: Any = "".join(render_turn(turn, place) for place, turn in enumerate(turns))
        box: Any = ""
        for turn in answering(desk, question, turns):
            yield past, render_turn(turn, len(turns)), [*turns, turn], turn.question if turn.problem else box
            past = box = gr.skip()  # sent once: the reader may be typing the next question

    def ask_example(turns: list[Turn], event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        chosen = {str(place): example for place, example in enumerate(EXAMPLES)}
        yield from ask(chosen.get(str(event._data.get("number")), ""), turns)

    def open_source(turns: list[Turn], event: gr.EventData) -> str:
        citation = cited(turns, event._data)
        return render_source(citation, desk.article(citation)) if citation else ""

    def restart() -> tuple[Any, ...]:
        return welcome(), "", "", [], "", ""

    demo: gr.Blocks = gr.Blocks(title="Byline", analytics_enabled=False, fill_width=True)
    with demo:
        turns = gr.State([], time_to_live=24 * 3600)
        with gr.Column(elem_id="talk"):
            with gr.Row(elem_id="top"):
                gr.HTML("<h1>Byline</h1>", elem_id="brand", apply_default_css=False, js_on_load=None)
                new = gr.Button("New conversation", elem_id="new", size="sm")
            intro = gr.HTML(render_welcome(0, ()), elem_id="intro", apply_default_css=False, js_on_load=CLICKS)
            past = gr.HTML("", elem_id="past", apply_default_css=False, js_on_load=CLICKS)
            spoken = '<div aria-live="polite">${value}</div>'  # a screen reader tells the answer as it comes
            live = gr.HTML("", html_template=spoken, elem_id="live", apply_default_css=False, js_on_load=CLICKS)
            box = gr.Textbox(
                elem_id="ask", label="Your question", placeholder="Ask the articles a question", submit_btn="Ask",
                show_label=False, container=False, autofocus=True, lines=1, max_lines=6, max_length=LONGEST,
            )  # fmt: skip
        source = gr.HTML("", elem_id="source", apply_default_css=False, js_on_load=CLOSING)
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        talk = [past, live, turns, box]
        demo.load(welcome, None, intro, **quiet)
        for trigger, handler, inputs in ((box.submit, ask, [box, turns]), (intro.example, ask_example, [turns])):
            # always_last: a question sent while another is being answered waits for it, and has it as history
            trigger(handler, inputs, talk, concurrency_limit=4, trigger_mode="always_last", **quiet)
        for html in (past, live):
            html.cite(open_source, turns, source, queue=False, **quiet).then(None, js=SHOW_MARK)
        new.click(restart, None, [intro, *talk, source], **quiet)
    demo.queue(max_size=WAITING)
    return demo


# ---- the command ----


def options() -> argparse.ArgumentParser:
    """The command line."""
    parser = Parser(
        prog="python app.py",
        description="Opens a chat about the articles in a store, in your browser, at an address on this machine.",
        epilog="First put articles in: python -m ingest seeds. To let others in: python app.py --host 0.0.0.0 "
        "--auth reader:secret. Ctrl-C stops it.",
    )
    parser.add_argument("--store", type=Path, default=DEFAULT_STORE, metavar="DIR", help="the store (%(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (%(default)s: this machine only)")
    parser.add_argument("--port", type=int, default=7860, help="port to listen at; 0 takes a free one (%(default)s)")
    parser.add_argument("--auth", metavar="USER:PASSWORD", help="who may come in; needed if others can reach the host")
    parser.add_argument("--no-auth", action="store_true", help="let everyone in who can reach the host")
    return parser


def is_local(host: str) -> bool:
    """Can only this machine reach that address?"""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def login(args: argparse.Namespace) -> tuple[str, str] | None:
    """The user and password to ask for; a UserError where there must be one."""
    if args.auth is None:
        if is_local(args.host) or args.no_auth:
            return None
        raise UserError(f"Others can reach {args.host}: give --auth USER:PASSWORD, or --no-auth to let everyone in.")
    user, _, password = args.auth.partition(":")
    if not user or not password:
        raise UserError("--auth needs a user and a password with a colon between them, as in --auth reader:secret.")
    return user, password


def free_port(host: str, port: int) -> int:
    """The port to listen at, or a UserError when it cannot be had."""
    if not 0 <= port < 2**16:
        raise UserError(f"{port} is not a port: give --port a number from 0 to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
            return int(trial.getsockname()[1])
    except OSError as error:
        raise UserError(f"Byline cannot listen at {host}:{port} ({error.strerror}): choose another --port.") from None


def serve(args: argparse.Namespace) -> None:
    """Open the store and the page, and stay until Ctrl-C."""
    auth, port = login(args), free_port(args.host, args.port)
    if not args.store.is_dir():
        where = "" if args.store == DEFAULT_STORE else f" --store {args.store}"
        raise UserError(f"There is no store at {args.store}: make one with python -m ingest seeds{where}.")
    print(f"Opening {args.store} and the page ...", flush=True)  # noqa: T201 (a command)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported
    os.environ["NO_PROXY"] = ",".join(filter(None, [os.environ.get("NO_PROXY"), "localhost", args.host]))
    desk = Desk(partial(open_asker, args.store))
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(desk.asker)
        demo = page(desk)
        opening.result()
    launch(demo, args.host, port, auth)
    print(f"Byline is open at {demo.local_url} (Ctrl-C stops it)", flush=True)  # noqa: T201 (a command)
    try:
        threading.Event().wait()
    finally:
        demo.close(verbose=False)


def launch(demo: "gr.Blocks", host: str, port: int, auth: tuple[str, str] | None = None) -> None:
    """Serve the page, with nothing of gradio's that reaches out or tells others what was asked."""
    import gradio as gr

    fonts = [gr.themes.Font("system-ui"), gr.themes.Font("sans-serif")]  # a named font would be fetched
    demo.launch(
        server_name=host, server_port=port, auth=auth, theme=gr.themes.Base(font=fonts, font_mono=["monospace"]),
        css=STYLE, head=HEAD, quiet=True, prevent_thread_lock=True, share=False, inbrowser=False, ssr_mode=False,
        run_history=False, enable_monitoring=False, mcp_server=False, pwa=False, footer_links=[],
        max_file_size=1,  # byte: the page takes no files
    )  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    try:
        serve(options().parse_args(argv))
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201 (a command)
        return 2
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
