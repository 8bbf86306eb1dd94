"""Words of others as HTML: every word that Byline did not write goes through text()."""

from collections.abc import Iterable
from datetime import date
from html import escape

from qa.answer import Citation

TIP = 280  # characters of a quote shown when a citation number is hovered or focused
DATED = {  # Published.provenance, in words
    "field": "date given with the article",
    "meta": "dated by its page",
    "stamp": "dated by the article's own stamp",
    "url": "dated by its address",
    "text": "date inferred from the text",
    "undated": "undated",
}


def text(words: str) -> str:
    """Words as HTML that shows them and nothing else; a lone surrogate, which no page can hold, becomes "?"."""
    return escape(words.encode("utf-8", "replace").decode(), quote=True)


def isolated(words: str) -> str:
    """Words whose writing direction cannot reach what stands around them."""
    return f"<bdi>{text(words)}</bdi>"


def in_words(when: date) -> str:
    """A date as "1 June 2025"."""
    return f"{when.day} {when:%B %Y}"


def day(published: str | None) -> str:
    """An ISO date as "1 June 2025"; "undated" for None."""
    if not published:
        return "undated"
    try:
        when = date.fromisoformat(published)
    except ValueError:
        return text(published)
    return f'<time datetime="{when}">{in_words(when)}</time>'


def dated(published: str | None, provenance: str) -> str:
    """The date and how it is known."""
    return f"{day(published)} ({text(DATED.get(provenance, provenance))})" if published else "undated"


def origin(publisher: str, published: str | None, provenance: str) -> str:
    """Publisher, date, and how the date is known: one line."""
    who = isolated(publisher) if publisher else "publisher not named"
    return f'<span class="origin">{who} · {dated(published, provenance)}</span>'


def origin_of(citation: Citation) -> str:
    """Where and when a citation's article appeared."""
    return origin(citation.publisher, citation.published, citation.provenance)


def name(citation: Citation) -> str:
    """What the source is called: its title, or its file's name when it has none."""
    return isolated(citation.title or citation.source)


def clipped(words: str, most: int) -> str:
    """At most that many characters, cut between words where there is a space."""
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "…"


def same(one: str, other: str) -> bool:
    """Do two strings say the same, but for case, spaces and the full stop?"""
    return " ".join(one.split()).rstrip(".").casefold() == " ".join(other.split()).rstrip(".").casefold()


def button(label: str, event: str, style: str = "", **data: object) -> str:
    """A button that sends an event to the server with its data; `label` is ours, the data may be anyone's."""
    kept = "".join(f' data-{key}="{text(str(value))}"' for key, value in data.items())
    kind = f' class="{style}"' if style else ""
    return f'<button type="button"{kind} data-event="{event}"{kept}>{label}</button>'


def number(citation: Citation, turn: int, kind: str = "cited") -> str:
    """The button that opens a citation; its quote shows when hovered or focused."""
    who = citation.publisher or citation.title or citation.source
    tip = f"{who}, {citation.published or 'undated'}\n{clipped(citation.quote, TIP)}"
    called = "Source" if kind == "cited" else "Passage considered"
    return (
        f'<button type="button" class="cite {kind}" data-event="cite" data-turn="{turn}" data-kind="{kind}"'
        f' data-number="{citation.number}" data-tip="{text(tip)}"'
        f' aria-label="{called} {citation.number}, {text(who)}: open the passage">{citation.number}</button>'
    )


def rows(cells: Iterable[Iterable[str]]) -> str:
    """Table rows of cells that are HTML already."""
    return "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)


def count(how_many: int, thing: str, things: str = "") -> str:
    """ "1 article", "5,000 articles"."""
    return f"{how_many:,} {thing if how_many == 1 else things or thing + 's'}"


def pane(label: str, head: str, inner: str) -> str:
    """The pane with its heading and close button."""
    return (
        f'<section class="source" role="dialog" aria-label="{label}"><header>'
        '<button type="button" class="close" aria-label="Close the pane">✕</button>'
        f"{head}</header>{inner}</section>"
    )
