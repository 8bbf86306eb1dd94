"""Questions about all articles and no one subject, "What's new?", "Summarise these": what the newest of them tell."""

import re
from collections.abc import Iterable, Iterator, Sequence

from ingest.article import Article, Hit, Passage
from qa.answer import Sentence
from qa.cite import marked
from qa.draft import Draft, citation, on_day
from qa.evidence import DATELINE, NOTE
from qa.limits import Limits
from qa.overview import ANY, WHAT_IS
from qa.retrieve import Embed
from qa.window import Window, named_time

MOST = 5  # articles
LATER = re.compile(r"\W*[a-z]")  # a sentence that the page cut in two begins so
TEXTS = r"(?:news|headlines?|stories|articles?|documents?|texts?|files?|reports?|papers?|folder|collection|archive)"
THE = r"(?:(?:all|the|these|those|my|your|this|today['’]?s|main|top|latest|newest|recent|new|current|of) )*"
WHEN = r"(?: (?:lately|recently|now|right now|these days))"
HAPPENED = re.compile(r"what (?:(?:has|have) )?happened\W*", re.IGNORECASE)
ABOUT_ALL = (
    rf"(?:{WHAT_IS} )?{ANY}{THE}{TEXTS}{WHEN}?",
    rf"{WHAT_IS} (?:new|happening|going on|the latest)(?: (?:here|in the world|(?:in|from) {THE}{TEXTS}))?{WHEN}?",
    rf"what (?:are|is|do|does) {THE}{TEXTS} (?:about|cover|say|tell|report|contain)",
    rf"{WHAT_IS} (?:in|inside) (?:here|{THE}{TEXTS})",
    rf"(?:summari[sz]e|sum up|recap|list|show|{ANY}(?:summary|overview|rundown|recap|briefing|round-?up|list) of) "
    rf"{THE}{TEXTS}{WHEN}?",
    r"(?:summari[sz]e|sum up|recap|list) (?:these|all(?: of (?:these|this|it))?|everything)",
    rf"(?:what|which) (?:topics|subjects|stories|events|news) (?:are|is|do|does) (?:covered|{THE}{TEXTS} cover|in here)"
    rf"(?: (?:here|(?:in|by) {THE}{TEXTS}))?",
    r"what (?:can|could|should) (?:i|we) ask(?: you)?(?: about)?|what (?:do you know|can you tell me)(?: about)?",
    rf"what (?:(?:has|have) )?happened{WHEN}",
)
EVERYTHING = re.compile(rf"\W*(?:(?:please|hi|hello|so)\W+)?(?:{'|'.join(ABOUT_ALL)})[\s?.!]*", re.IGNORECASE)


def about_all(question: str) -> bool:
    """Whether a question asks about all articles, or all of some days, and names no subject."""
    if EVERYTHING.fullmatch(question):
        return True
    time = named_time(question)
    if time is None:
        return False
    rest = " ".join(f"{question[: time[0]]} {question[time[1] :]}".split()).replace(" ?", "?")
    return bool(HAPPENED.fullmatch(rest) or EVERYTHING.fullmatch(rest))


def newest(articles: Iterable[Article], window: Window, limits: Limits) -> list[Article]:
    """Of articles in order, the newest first, the first MOST of different stories, within the limits and the time asked
    about. Those published after the day of asking come last: nobody could know them then.
    """
    found: dict[str, Article] = {}
    later: dict[str, Article] = {}
    for one in articles:
        day = one.published.day
        if (window.bounded and not window.holds(day)) or not limits.keep(Hit(Passage("", one, 0, 0, ()), 0.0)):
            continue
        kept = later if day and day > limits.today else found
        kept.setdefault(one.cluster or one.id, one)
        if len(found) == MOST:
            break
    return [*found.values(), *(one for story, one in later.items() if story not in found)][:MOST]


def telling(passages: Sequence[Passage], embed: Embed) -> Passage | None:
    """Of the first passage of an article the sentence nearest in meaning to its title, without the place that a report
    opens with; the first where there is no title. None where there is nothing but an editor's note.
    """
    if not passages:
        return None
    first, article = passages[0], passages[0].article
    texts = {one: article.text[slice(*one)] for one in first.sentences}
    bounds = [one for one, said in texts.items() if not (NOTE.match(said) or LATER.match(said))]
    if not bounds:
        return None
    place = 0
    if article.title and len(bounds) > 1:
        vectors = embed([article.title, *map(texts.__getitem__, bounds)])
        place = int((vectors[1:] @ vectors[0]).argmax())
    start, end = bounds[place]
    opening = DATELINE.match(article.text, start, end)
    start = opening.end() if opening else start
    return Passage(first.id, article, start, end, ((start, end),))


def listing(found: Sequence[Passage], count: int) -> Draft:
    """A line for each sentence, dated; `count`: how many articles there are."""
    cited = tuple(citation(n, one.article, one.start, one.end) for n, one in enumerate(found, start=1))
    sentences = tuple(Sentence(" ".join(one.quote.split()), (one.number,)) for one in cited)
    lines = _lines(found, sentences)
    share = f"{len(found)} of {count:,} articles" if len(found) < count else f"All {count} articles"
    return Draft("\n".join(lines), None, sentences, cited, note=f"{share}, the newest first.")


def _lines(found: Sequence[Passage], sentences: Sequence[Sentence]) -> Iterator[str]:
    for one, sentence in zip(found, sentences, strict=True):
        yield f"{on_day(one.article)}: {marked(sentence.text, sentence.citations)}"
