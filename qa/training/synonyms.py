"""Other words for the words of a question, from WordNet's files: what an article may say instead."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

from ingest.errors import UserError
from qa.words import STOP

PARTS = {"noun": "1", "verb": "2", "adj": "3"}  # file and the digit that a sense key has for it
SENSES = 2  # of a word's commonest part of speech
CHANGED = 0.5  # share of the words with synonyms that are exchanged
ENDINGS = {"noun": ("", "s"), "verb": ("", "s", "ed", "ing"), "adj": ("",)}


def synonyms(folder: Path, vocabulary: Collection[str]) -> dict[str, list[str]]:
    """For each word of the vocabulary other words of it that mean the same or, of a noun, its kind; in the same form.

    `folder` holds WordNet 3.0's index, data, exception and cntlist.rev files; UserError where it does not.
    """
    try:
        counts = _counts(folder / "cntlist.rev")
        found: dict[str, list[str]] = defaultdict(list)
        for part in PARTS:
            data, irregular = (folder / f"data.{part}").read_bytes(), _irregular(folder / f"{part}.exc")
            for lemma, offsets in _index(folder / f"index.{part}"):
                if counts[lemma, part] and counts[lemma, part] == max(counts[lemma, other] for other in PARTS):
                    meant = _meant(data, lemma, offsets, part)
                    for ending in ENDINGS[part]:
                        word = _inflected(lemma, ending, irregular)
                        forms = [_inflected(other, ending, irregular) for other in meant]
                        found[word] += [one for one in forms if one in vocabulary and one != word]
    except OSError as error:
        raise UserError(f"{folder} holds no WordNet: {error}.") from error
    return {word: list(dict.fromkeys(others)) for word, others in found.items() if others and word in vocabulary}


def reworded(question: str, others: Mapping[str, Sequence[str]], rng: Random) -> str:
    """The question with half of its words that have synonyms exchanged; names, and words that ask, are kept."""
    said = []
    for word in question.split():
        bare = word.rstrip("?,.;:")
        choice = others.get(bare, ()) if bare not in STOP else ()
        said.append(rng.choice(choice) + word[len(bare) :] if choice and rng.random() < CHANGED else word)
    return " ".join(said)


def _counts(path: Path) -> Counter[tuple[str, str]]:
    """How often each lemma was found as each part of speech."""
    digits = {digit: part for part, digit in PARTS.items()} | {"5": "adj"}
    counts: Counter[tuple[str, str]] = Counter()
    for line in path.read_text("latin-1").splitlines():
        key, _, count = line.split()
        lemma, _, rest = key.partition("%")
        if rest[0] in digits:
            counts[lemma, digits[rest[0]]] += int(count)
    return counts


def _irregular(path: Path) -> dict[tuple[str, str], str]:
    """(lemma, ending) -> irregular form, by the form's own ending; the first of several."""
    made: dict[tuple[str, str], str] = {}
    for line in path.read_text("latin-1").splitlines():
        form, lemma = line.split()[:2]
        ending = "ing" if form.endswith("ing") else "s" if form.endswith("s") and path.stem == "verb" else "ed"
        made.setdefault((lemma, "s" if path.stem == "noun" else ending), form)
    return made


def _index(path: Path) -> Iterator[tuple[str, list[int]]]:
    """Lemmas of one word with where their senses stand in the data, the commonest first."""
    for line in path.read_text("latin-1").splitlines():
        fields = line.split()
        if not line.startswith(" ") and fields[0].isalpha():
            yield fields[0], [int(one) for one in fields[-int(fields[2]) :]]


def _meant(data: bytes, lemma: str, offsets: Sequence[int], part: str) -> list[str]:
    """Words of the lemma's first senses, and a noun's kind by its first sense."""
    meant: list[str] = []
    for number, offset in enumerate(offsets[:SENSES]):
        lemmas, pointers = _synset(data, offset)
        meant += lemmas
        if part == "noun" and number == 0:
            meant += [one for symbol, at in pointers if symbol == "@" for one in _synset(data, at)[0][:1]]
    return [one for one in dict.fromkeys(meant) if one != lemma and one.isalpha()]


def _synset(data: bytes, offset: int) -> tuple[list[str], list[tuple[str, int]]]:
    fields = data[offset : data.index(b"\n", offset)].decode("latin-1").partition(" |")[0].split()
    size = int(fields[3], 16)
    lemmas = [fields[4 + 2 * n].split("(")[0] for n in range(size)]
    rest = fields[4 + 2 * size :]
    return lemmas, [(rest[1 + 4 * n], int(rest[2 + 4 * n])) for n in range(int(rest[0]))]


def _inflected(lemma: str, ending: str, irregular: Mapping[tuple[str, str], str]) -> str:
    if (lemma, ending) in irregular:
        return irregular[lemma, ending]
    if not ending:
        return lemma
    if ending == "s":
        if lemma.endswith(("s", "x", "z", "ch", "sh")):
            return f"{lemma}es"
        return f"{lemma[:-1]}ies" if lemma.endswith("y") and lemma[-2:-1] not in "aeiou" else f"{lemma}s"
    stem = lemma[:-1] if lemma.endswith("e") and not lemma.endswith("ee") else lemma
    if ending == "ed" and lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return f"{lemma[:-1]}ied"
    return f"{stem}{ending}"
