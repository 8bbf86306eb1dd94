"""One story as other newsrooms print it, made by rule from an article: tests know which texts belong together."""

import random
import re

CHANGES = ("headline", "cut", "reordered", "lead", "local", "all")  # what is done to a story

INSTEAD = {
    **{"said": "stated", "says": "states", "but": "however", "after": "following", "before": "ahead of"},
    **{"people": "persons", "officials": "authorities", "new": "fresh", "many": "numerous", "more": "further"},
    **{"about": "around", "also": "in addition", "because": "since", "while": "as", "day": "date", "told": "informed"},
    **{"big": "large", "killed": "left dead", "died": "lost their life", "police": "officers", "show": "reveal"},
    **{"year": "twelve months", "first": "initial", "last": "final", "home": "house", "made": "produced"},
    **{"announced": "made public", "president": "head of state", "could": "might", "will": "is to", "get": "obtain"},
}
ARTICLES = ("the", "a", "an", "that")


def syndicated(title: str, text: str, change: str, choose: random.Random, local: str = "") -> tuple[str, str]:
    """The headline and text that another newsroom prints; `local` is what it adds of its own."""
    paragraphs = [line for line in text.split("\n") if line.strip()]
    every = change == "all"
    if change == "cut" or every:
        paragraphs = cut(paragraphs, choose)
    if change == "lead" or every:
        paragraphs = rewritten_lead(paragraphs)
    if change == "reordered" or every:
        paragraphs = reordered(paragraphs, choose)
    if change == "local":
        paragraphs += local.split("\n")
    return headline(title) if change == "headline" or every else title, "\n".join(paragraphs)


def headline(title: str) -> str:
    """Clauses swapped, common words replaced."""
    return rewritten(title.split(" | ", maxsplit=1)[0].removesuffix(" ..."))


def rewritten_lead(paragraphs: list[str]) -> list[str]:
    """The first sentences, a quarter of all words, told with others."""
    left, made = sum(len(one.split()) for one in paragraphs) // 4, []
    for paragraph in paragraphs:
        sentences = re.split(r"(?<=[.!?])\s+", paragraph)
        for place, sentence in enumerate(sentences):
            if left > 0:
                left -= len(sentence.split())
                sentences[place] = rewritten(sentence)
        made.append(" ".join(sentences))
    return made


def rewritten(sentence: str) -> str:
    """No articles, common words replaced, the clauses the other way round."""
    clauses = re.split(r",\s+", sentence.rstrip(".!? "), maxsplit=1)
    words = ", ".join(reversed(clauses)).split()
    kept = [INSTEAD.get(word.casefold(), word) for word in words if word.casefold() not in ARTICLES]
    return " ".join(kept) + "."


def cut(paragraphs: list[str], choose: random.Random) -> list[str]:
    """From the end, where wires are cut, down to between 40 and 80 in a hundred of the words; one more goes inside."""
    left, kept = choose.uniform(0.4, 0.8) * sum(len(one.split()) for one in paragraphs), 0
    while left > 0:
        left -= len(paragraphs[kept].split())
        kept += 1
    inside = kept // 2 if kept > 4 else kept
    return [one for place, one in enumerate(paragraphs[:kept]) if place != inside]


def reordered(paragraphs: list[str], choose: random.Random) -> list[str]:
    """The lead stays, the rest in another order."""
    rest = paragraphs[1:]
    choose.shuffle(rest)
    return [*paragraphs[:1], *rest]


def family(name: str, title: str, text: str, local: str) -> dict[str, tuple[str, str]]:
    """The story and what became of it in other newsrooms: (headline, text) by a name that starts with the story's."""
    choose = random.Random(name)
    made = {f"{name}/{change}": syndicated(title, text, change, choose, local) for change in CHANGES}
    return {name: (title, text), **made}


def pair_f1(truth: dict[str, str], found: dict[str, str]) -> float:
    """Of all pairs that stand in one group by the truth, and by what was found: 2 both / (truth + found)."""

    def pairs(groups: dict[str, str], names: dict[str, str]) -> int:
        sizes: dict[tuple[str, str], int] = {}
        for name, group in groups.items():
            key = (group, names.get(name, ""))
            sizes[key] = sizes.get(key, 0) + 1
        return sum(size * (size - 1) // 2 for size in sizes.values())

    together = pairs(truth, {}) + pairs(found, {})
    return 2 * pairs(truth, found) / together if together else 1.0
