"""Byline's retrieval, timed in a process of its own for `python -m eval bench`.

python -m eval.searched STORE FILE     the seconds of each line's search, as a JSON list
"""

import json
import sys
import time
from pathlib import Path

from ingest.embed import load_embedder
from ingest.store import Store
from qa.config import DEFAULT
from qa.retrieve import retrieve


def main(arguments: list[str]) -> int:
    """Searches for every question by both indexes, fused; returns the exit status."""
    store, file = map(Path, arguments)
    questions = [json.loads(line)["question"] for line in file.read_text("utf-8").splitlines()]
    with Store.open(store) as opened:
        embed = load_embedder(opened.embedder)
        retrieve(opened, embed, questions[0], DEFAULT)  # the first one opens the indexes
        seconds = []
        for question in questions:
            started = time.perf_counter()
            retrieve(opened, embed, question, DEFAULT)
            seconds.append(time.perf_counter() - started)
    sys.stdout.write(json.dumps(seconds) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
