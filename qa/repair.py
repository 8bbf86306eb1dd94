"""Rough questions put right by the words of the passages they found: typing errors and missing capitals."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise

from qa.words import COUNTRY, STOP, WORD, fold

# Seats that stand for a government: one that no passage names becomes the one they do.
SEATS = (
    ("Kremlin", "Moscow"),
    ("Moscow", "Kremlin"),
    ("Élysée", "Paris"),
    ("Elysee", "Paris"),
    ("Brussels", "EU"),
)
# Common nouns that texts write with a capital as parts of names: alone they are not names.
PLAIN = re.compile(
    r"(?P<before>[A-Z]\w*[ -])?\b(?:Bank|Chief|City|Commission|Council|Court|Day|Department|Dialogue|East|Foreign"
    r"|General|House|Leader|Minister|Ministry|North|Office|Parliament|Party|President|Region|Republic|Sea|Secretary"
    r"|South|Staff|States?|Street|Summit|Union|University|War|West)\b(?! [A-Z])"
)
SHORT = {
    "abt": "about", "bc": "because", "btw": "between", "cuz": "because", "gov": "government", "govt": "government",
    "hw": "how", "mil": "military", "mtg": "meeting", "nk": "North Korea", "pls": "please", "ppl": "people",
    "pres": "president", "sk": "South Korea", "tel": "tell",
    "thru": "through", "u": "you", "ur": "your", "wat": "what", "wats": "what is",
    "whats": "what is", "wen": "when", "wht": "what", "wich": "which",
    "wot": "what", "wuz": "was", "y": "why",
}  # fmt: skip
# "Putin visit China when": the words that ask stand behind, where the reader does not look for them.
BEHIND = re.compile(
    r"(?P<told>(?!(?:and|but|so|tell|say|explain|know|i|do|does|did|can|could|please|who|whom|whose|what|which|when|where"
    r"|why|how)\b)[^,?!.;:]+?) (?P<asks>(?:(?:in|on|at|to|from|by|with|for|under|about) )?"
    r"(?:who|whom|what|when|where|why|how(?: (?:many|much|long|often|old|far)(?: \w+)?)?|which(?: \w+){1,2})"
    r"(?: exactly)?)\W*",
    re.IGNORECASE,
)
LONG = 30  # letters: nobody doubles one in a longer word
COMMON = 1_000_000  # times a function word counts as seen: "waht" is "what" before it is "want"
Known = Callable[[str], bool]


def repair(question: str, texts: Iterable[str], known: Known) -> str:
    """The question with its unknown words replaced by near ones of `texts`, and names given their capitals.

    Words that ask come to the front: "Putin visit China when". A seat of government that the texts do not name becomes
    the one they do. A word is left alone if `known` says it is a word of the language, if the texts hold it, or if it
    is short; letters are sooner left out than typed too many ("bejing" is "Beijing", not "being"). A question with
    capitals of its own keeps its case.
    """
    texts = list(texts)
    forms = _forms(texts)
    rough = question.isupper() or not any(c.isupper() for c in question[1:])
    for seat, other in SEATS:
        if fold(seat) not in forms and fold(other.split()[0]) in forms:
            question = re.sub(rf"\b(?:the )?{seat}\b", other, question, flags=re.IGNORECASE)
    parts: list[str] = []
    end = 0
    for match in WORD.finditer(question):
        word = match.group()
        word = (
            SHORT[fold(word)] if rough and fold(word) in SHORT.keys() - forms.keys() else _spelled(word, forms, known)
        )
        parts += [question[end : match.start()], _cased(word, forms, known) if rough else word]
        end = match.end()
    text = "".join([*parts, question[end:]])
    if rough:
        text = PLAIN.sub(lambda match: match[0] if match["before"] else match[0].lower(), text)
        text = _named(text, texts)
    behind = BEHIND.fullmatch(text)
    if behind and " " in behind["told"]:
        text = f"{behind['asks']} {behind['told']}"
    return text[:1].upper() + text[1:] if rough or behind else text


def _named(text: str, texts: list[str]) -> str:
    """The text with capitals on two words that the texts write as a name only: "Bill Gates" for "bill gates"."""
    told = "\n".join(texts)
    for first, second in pairwise(WORD.finditer(text)):
        plain = text[first.start() : second.end()]
        pair = plain.title()
        function = fold(first[0]) in STOP or fold(second[0]) in STOP
        if function or plain != f"{first[0]} {second[0]}" or len(pair) != len(plain):
            continue
        if re.search(rf"[a-z],? {re.escape(pair)}\b", told) and not re.search(rf"\b{re.escape(pair.lower())}\b", told):
            text = text[: first.start()] + pair + text[second.end() :]
    return text


def _forms(texts: Iterable[str]) -> dict[str, Counter[str]]:
    """How each folded word is written in the middle of a line: {"macron": {"Macron": 7}}."""
    forms: dict[str, Counter[str]] = {}
    for text in texts:
        for match in WORD.finditer(text):
            opens = match.start() < 2 or text[match.start() - 2] in '.!?\n“"' or text[match.start() - 1] in '\n“"'
            if not opens or fold(match.group()) not in forms:
                written = re.sub(r"['’]s?$", "", match.group())
                forms.setdefault(fold(written), Counter())[written] += 0 if opens else 1
    return forms


def _cased(word: str, forms: dict[str, Counter[str]], known: Known) -> str:
    plain = fold(word)
    seen = forms.get(plain)
    if seen is None and plain in COUNTRY and plain != "us":
        return word.upper() if len(plain) < 4 else word.capitalize()
    if seen is None or plain in STOP:
        return word.lower() if word.isupper() and len(word) > 1 else word
    only_opens = not seen.total() and known(plain) and plain not in COUNTRY
    if only_opens or any(uses and form.islower() for form, uses in seen.items()):
        return word.lower()  # "Shortly" has its capital from opening a sentence, "Troops" from a headline
    usual = seen.most_common(1)[0][0]
    ending = word[len(plain) :] if word.lower().startswith(plain) else ""
    return usual if not ending or usual.lower().endswith(ending.lower()) else usual + ending.lower()


def _spelled(word: str, forms: dict[str, Counter[str]], known: Known) -> str:
    plain = fold(word)
    if len(plain) < 4 or not plain.isalpha() or plain in forms or plain in STOP or known(plain):
        return word
    allowed = 1 if len(plain) < 8 else 2
    if plain[-1] == "s" and any(uses and form[0].isupper() for form, uses in forms.get(plain[:-1], {}).items()):
        return f"{word[:-1]}'s"  # "russias"
    twins = _twins(plain) if len(plain) <= LONG else []
    if real := next((one for one in twins if one in forms), next(filter(known, twins), "")):
        return forms[real].most_common(1)[0][0] if real in forms else real
    seen = {other: uses.total() for other, uses in forms.items()} | dict.fromkeys(STOP, COMMON)
    near = [
        (distance(plain, other, allowed), _unlike(plain, other), len(other) < len(plain), -uses, other)
        for other, uses in seen.items()
    ]
    best = min((one for one in near if one[0] <= allowed and len(one[-1]) > 3), default=None)
    if best is None or (best[1] == 2 and len(plain) < 6):
        return word
    written = forms[best[-1]].most_common(1)[0][0] if best[-1] in forms else best[-1]
    return written.upper() if word.isupper() else written


def _twins(word: str) -> list[str]:
    """The word with one letter doubled, or one of a double letter gone: "realy", "really"; "helping" for "helpin"."""
    doubled = [word[: at + 1] + word[at:] for at in range(len(word))]
    halved = [word[:at] + word[at + 1 :] for at in range(1, len(word)) if word[at] == word[at - 1]]
    return [*halved, *doubled, *([f"{word}g"] if word.endswith("in") else [])]


def _unlike(word: str, other: str) -> int:
    """0 if only the end is missing, 1 if two words begin alike, 2 if not: people mistype the middle and the end."""
    if other.startswith(word):
        return 0
    return 1 if word[:2] == other[:2] or sorted(word[:3]) == sorted(other[:3]) else 2


def distance(a: str, b: str, most: int) -> int:
    """Edits between two words, a swap of neighbours counting as one (optimal string alignment); most + 1 when more."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        row = [i]
        for j, y in enumerate(b, start=1):
            cost = min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, previous = previous, row
    return min(previous[-1], most + 1)
