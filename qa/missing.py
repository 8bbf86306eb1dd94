"""What a refusal lacks: the words of the question that no article found holds, or the kind of answer asked for."""

import re
from collections.abc import Sequence

from ingest.article import Hit
from qa.evidence import Candidate
from qa.fit import fits
from qa.question import Asked
from qa.words import NO_NAMES, fold, stem, vocabulary, words

LISTED = 4  # words named at most
FORMS = 5  # letters that two forms of one word share at least; a shorter word may have forms that share fewer
LOOKED = 5  # best sentences in which the kind asked for is looked for
OWNED = re.compile(r"['’]s?$")
KINDS = {"number": "number", "time": "time", "person": "person", "place": "place"}
ASKING = frozenset("who whom whose name tell say said happen explain call mean many much long often old".split())


def missing(asked: Asked, hits: Sequence[Hit], ordered: Sequence[Candidate]) -> str:
    """One sentence on what the articles found do not tell; "" where none was found."""
    if not hits:
        return ""
    if asked.empty:
        return "The question names nothing: say who or what it is about."
    unknown = _unknown(asked.topic or asked.text, _held(hits))
    if unknown:
        named = [f"“{OWNED.sub('', one)}”" for one in unknown[:LISTED]]
        return f"Not in the articles found: {' and '.join(filter(None, [', '.join(named[:-1]), named[-1]]))}."
    kind = KINDS.get(asked.expects)
    if kind and not any(one.words and fits(asked, one.words) for one in ordered[:LOOKED]):
        return f"The articles found are near the subject, but their nearest sentences give no {kind}."
    return "The articles found are near the subject, but no sentence in them answers this."


def _held(hits: Sequence[Hit]) -> frozenset[str]:
    """Every word of the articles found, and the years they are of."""
    articles = {hit.passage.article.id: hit.passage.article for hit in hits}.values()
    days = {str(one.published.day.year) for one in articles if one.published.day}
    return frozenset(days).union(*(vocabulary(f"{one.title}\n{one.publisher}\n{one.text}") for one in articles))


def _unknown(question: str, held: frozenset[str]) -> list[str]:
    """The question's words that stand in no article, in its own spelling; neighbouring names as one."""
    found: list[str] = []
    last = -2
    for place, word in enumerate(words(question)):
        if _known(word, held):
            continue
        if last == place - 1 and word[0].isupper() and found[-1][0].isupper():
            found[-1] += f" {word}"
        else:
            found.append(word)
        last = place
    return list(dict.fromkeys(found))


def _known(word: str, held: frozenset[str]) -> bool:
    """Whether a word, or another form of it, is held; words that only ask are."""
    plain = fold(word)
    if plain in NO_NAMES | ASKING or plain in held or stem(word) in held or not any(c.isalnum() for c in plain):
        return True
    if word[0].isupper() or word[0].isdigit():
        return False
    return len(plain) <= FORMS or any(other.startswith(plain[:FORMS]) for other in held)
