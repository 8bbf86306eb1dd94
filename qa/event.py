"""The times of a question that the articles found for it tell: "before the summit", and the year of "in March"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from ingest.article import Hit
from qa.question import Asked
from qa.when import MOMENT, moment
from qa.window import Window, month_alone, question_window
from qa.words import content, vocabulary

EVENT = re.compile(
    r"\b(?P<side>before|ahead of|prior to|until|after|since|following)\s+"
    r"(?P<event>(?:the|his|her|their|its|that)\s+(?:[\w'’-]+\s?){1,5}?)\s*(?=[,.?;]|$|\b(?:in|on|at|did|does|was|were|has)\b)",
    re.IGNORECASE,
)
EARLIER = ("before", "ahead of", "prior to", "until")
LOOKED_AT = 10  # passages among which the event's day is looked for


def anchored(asked: Asked, hits: Sequence[Hit], today: date) -> Asked:
    """The question with a window before or after the event it names, if one of the first passages dates that event; or
    with the month that it names, of the newest year of which one of them is.
    """
    if asked.window.bounded:
        return asked
    if named := month_alone(asked.text):
        month, end = named
        days = [hit.passage.article.published.day for hit in hits[:LOOKED_AT]]
        held = [day.year for day in days if day and day <= today and day.month == month]
        if not held:
            return asked
        return replace(asked, window=question_window(f"{asked.text[:end]} {max(held)}{asked.text[end:]}", today))
    match = EVENT.search(asked.text)
    if match is None:
        return asked
    event = " ".join(match["event"].split())
    day = event_day(event, hits[:LOOKED_AT])
    if day is None:
        return asked
    side = " ".join(match["side"].lower().split())
    told = f"{side} {event} ({day:%-d %B %Y})"
    earlier = side in EARLIER
    first, last = (None, day - timedelta(days=1)) if earlier else (day, None)
    return replace(asked, window=Window(first, last, told, asked.window.latest))


def event_day(event: str, hits: Iterable[Hit]) -> date | None:
    """The day that the first sentence which names the event and a day tells; None if none does."""
    wanted = frozenset(content(event))
    for hit in hits if wanted else ():
        article = hit.passage.article
        for start, end in hit.passage.sentences:
            sentence = article.text[start:end]
            if wanted <= vocabulary(sentence) and (day := _day(sentence, article.published.day)):
                return day
    return None


def _day(sentence: str, published: date | None) -> date | None:
    for match in MOMENT.finditer(sentence):
        told = moment(match.group(), published, sentence[: match.start()])
        if told and told.year and told.month and told.day and not match.group().startswith("may"):
            return date(told.year, told.month, told.day)
    return None
