"""MCP: what each message leads to, and the command as an assistant starts it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingest.build import build
from ingest.embed import load_embedder
from ingest.errors import UserError
from ingest.store import Store
from qa.mcp import reply

ROOT = Path(__file__).parent.parent


def ask(asked: object) -> Mapping[str, Any]:
    if not isinstance(asked, dict):
        raise UserError("Ask a question.")
    return {"answer": asked["question"]}


def said(method: str, **params: object) -> Any:
    return reply(ask, json.dumps({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}))


def test_a_version_is_agreed_on_and_the_tool_listed() -> None:
    assert said("initialize", protocolVersion="2025-06-18")["result"]["protocolVersion"] == "2025-06-18"
    assert said("initialize", protocolVersion="1999-01-01")["result"]["protocolVersion"] == "2025-11-25"
    assert [tool["name"] for tool in said("tools/list")["result"]["tools"]] == ["ask"]
    assert said("ping") == {"jsonrpc": "2.0", "id": 7, "result": {}}


def test_a_call_gives_the_answer_or_says_why_not() -> None:
    told = said("tools/call", name="ask", arguments={"question": "Who?"})["result"]
    assert (told["isError"], told["structuredContent"]) == (False, {"answer": "Who?"})
    assert json.loads(told["content"][0]["text"]) == {"answer": "Who?"}
    assert said("tools/call", name="ask")["result"] == {
        "content": [{"type": "text", "text": "Ask a question."}], "isError": True
    }  # fmt: skip
    assert "Something went wrong" in said("tools/call", name="ask", arguments={})["result"]["content"][0]["text"]
    assert said("tools/call", name="rm")["error"]["code"] == -32602
    assert said("resources/list")["error"]["code"] == -32601


def test_what_is_no_request_gets_no_answer() -> None:
    assert reply(ask, '{"jsonrpc": "2.0", "method": "notifications/initialized"}') is None
    assert reply(ask, "[]") is None and reply(ask, '{"id": 1, "result": {}}') is None
    assert (reply(ask, "[" * 99_999) or {})["error"]["code"] == -32700


def run(given: str, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qa.mcp", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, input=given, capture_output=True, text=True, timeout=300)


def test_an_assistant_asks_the_articles(tmp_path: Path, offline: dict[str, str]) -> None:
    embed, folder = load_embedder(), tmp_path / "store"
    with Store.create(folder, embed.name, embed.digest) as store:
        build([ROOT / "seeds"], store, embed)
    history = ["When did North Korea admit that its forces were helping Moscow?"]
    asked = [{"question": "When was that?", "publishers": ["menafn"], "history": history},
             {"question": "Who?", "since": "yesterday"}]  # fmt: skip
    lines = [{"jsonrpc": "2.0", "id": place, "method": "tools/call", "params": {"name": "ask", "arguments": one}}
             for place, one in enumerate(asked)]  # fmt: skip
    done = run("\n".join(map(json.dumps, lines)), "--store", str(folder), env=offline)
    told, wrong = (json.loads(line)["result"] for line in done.stdout.splitlines())
    answer = told["structuredContent"]
    assert answer["question"] == "When was that?" and "North Korea" in answer["standalone"]
    assert {one["publisher"] for one in (*answer["citations"], *answer["nearest"])} == {"MENAFN"}
    assert wrong["isError"] and "'yesterday' is not a date" in wrong["content"][0]["text"]
    assert (done.returncode, done.stderr) == (0, "") and not Path(offline["ATTEMPTS"]).exists()


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = run("", "--store", str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (2, "") and "there is no store" in done.stderr
