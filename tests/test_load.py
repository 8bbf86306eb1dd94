"""The first answer after a start; many users at once, each answered alone. BYLINE_LOAD=STORE takes another store."""

import json
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect, sync_playwright

from qa.ask import open_asker
from tests.test_browser import CHROMIUM

ROOT = Path(__file__).parent.parent
USERS = 32
EACH = int(os.environ.get("BYLINE_LOAD_EACH", "1"))  # questions that a user asks, one after the other
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if named := os.environ.get("BYLINE_LOAD"):
        return Path(named)
    folder = tmp_path_factory.mktemp("load") / "store"
    subprocess.run([sys.executable, "-m", "ingest", "seeds", "--store", str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="module")
def questions(store: Path) -> list[str]:
    """As many as will be asked, each another: of the set over the seeds, or made of the titles in the store."""
    if os.environ.get("BYLINE_LOAD"):
        asker = open_asker(store)
        titles = (article.title for article in asker.store.articles() if len(article.title.split()) > 4)
        found = [f"What happened: {title[:200]}?" for title, _ in zip(titles, range(50 * USERS * EACH), strict=False)]
        found = found[:: max(1, len(found) // (USERS * EACH))]
        asker.store.close()
    else:
        rows = tomllib.loads((ROOT / "eval/questions/dev.toml").read_text("utf-8"))["question"]
        found = [row["question"] for row in rows]
    assert len(set(found)) >= USERS * EACH
    return list(dict.fromkeys(found))[: USERS * EACH]


@contextmanager
def serving(store: Path) -> Iterator[str]:
    """The address of a chat over that store."""
    command = [sys.executable, "app.py", "--store", str(store), "--port", "0", "--read-only"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as started:
        try:
            assert started.stdout
            found = re.search(r"http://\S+", started.stdout.readline() + started.stdout.readline())
            assert found
            yield found[0]
        finally:
            started.terminate()


@pytest.fixture(scope="module")
def served(store: Path) -> Iterator[str]:
    with serving(store) as address:
        yield address


def post(address: str, question: str) -> tuple[dict[str, Any], float]:
    """The answer, and the seconds it took."""
    asked, began = (
        Request(f"{address}api/ask", json.dumps({"question": question, "id": question}).encode()),
        time.time(),
    )
    asked.add_header("Content-Type", "application/json")
    with urlopen(asked, timeout=600) as told:
        return json.load(told), time.time() - began


def told(answer: dict[str, Any]) -> tuple[Any, ...]:
    """What an answer says, without how long it took."""
    return answer["id"], answer["question"], answer["answer"], answer["citations"], answer["nearest"]


def test_the_first_answer_after_a_start(store: Path, questions: list[str]) -> None:
    seconds = []
    for question in questions[:5]:
        began = time.time()
        with serving(store) as address:
            answer, _ = post(address, question)
            seconds.append(time.time() - began)
        assert answer["question"] == " ".join(question.split())
    sys.stdout.write(  # shown by pytest -s
        f"\nfrom starting the chat to its first answer: {min(seconds):.1f} to {max(seconds):.1f} s in {len(seconds)}\n"
    )


@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}")
def test_the_first_answer_in_a_browser_after_a_start(store: Path, questions: list[str]) -> None:
    usable, seconds = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for question in questions[:5]:
            page, began = browser.new_context().new_page(), time.time()
            with serving(store) as address:
                page.goto(address)
                box = page.locator("#ask textarea")
                expect(box).to_be_enabled(timeout=60_000)
                usable.append(time.time() - began)
                box.fill(question)
                box.press("Enter")
                page.wait_for_selector('[data-event="cite"]', timeout=60_000)
                seconds.append(time.time() - began)
        browser.close()
    sys.stdout.write(  # shown by pytest -s
        f"\nin a browser: the page takes a question after {min(usable):.1f} to {max(usable):.1f} s, the "
        f"first answer stands there after {min(seconds):.1f} to {max(seconds):.1f} s\n"
    )


def test_32_users_at_once_are_all_answered_and_none_is_mixed_up(served: str, store: Path, questions: list[str]) -> None:
    ready = Barrier(USERS)

    def user(own: list[str]) -> list[tuple[dict[str, Any], float]]:
        ready.wait()
        return [post(served, question) for question in own]

    with ThreadPoolExecutor(USERS) as pool:
        found = list(pool.map(user, [questions[place::USERS] for place in range(USERS)]))
    answers = {answer["id"]: answer for answered in found for answer, _ in answered}
    assert sorted(answers) == sorted(questions)
    assert all(answer["question"] == " ".join(question.split()) for question, answer in answers.items())
    seconds = sorted(taken for answered in found for _, taken in answered)
    asker = open_asker(store)  # nothing of what was asked is in its memory
    for question in questions[::8]:
        alone = {**asker.ask(question).to_json(), "id": question}
        assert told(alone) == told(answers[question])
    asker.store.close()
    middle, late = seconds[len(seconds) // 2], seconds[int(0.95 * len(seconds))]
    sys.stdout.write(  # shown by pytest -s
        f"\n{len(seconds)} questions of {USERS} users at once: p50 {middle:.2f} s, p95 {late:.2f} s, longest "
        f"{seconds[-1]:.2f} s\n"
    )
