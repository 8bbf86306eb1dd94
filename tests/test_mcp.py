"""MCP as an assistant uses it: the command is started, its tools are listed, one is called."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest.build import build
from ingest.embed import load_embedder
from ingest.store import Store

pytest.importorskip("mcp", reason="the package mcp is not installed")
from mcp import Client, StdioServerParameters

ROOT = Path(__file__).parent.parent


def test_an_assistant_asks_the_articles(tmp_path: Path, offline: dict[str, str]) -> None:
    embed, folder = load_embedder(), tmp_path / "store"
    with Store.create(folder, embed.name, embed.digest) as store:
        build([ROOT / "seeds"], store, embed)
    started = StdioServerParameters(
        command=sys.executable, args=["-m", "qa.mcp", "--store", str(folder)], env=offline, cwd=str(ROOT)
    )

    async def use() -> tuple[list[str], Any, Any]:
        async with Client(started) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            told = await client.call_tool(
                "ask", {"question": "When was that?", "publishers": ["menafn"],
                        "history": ["When did North Korea admit that its forces were helping Moscow?"]}
            )  # fmt: skip
            return tools, told, await client.call_tool("ask", {"question": "Who?", "since": "yesterday"})

    tools, told, wrong = asyncio.run(use())
    assert tools == ["ask"]
    answer = told.structured_content
    assert answer["question"] == "When was that?" and "North Korea" in answer["standalone"]
    assert {one["publisher"] for one in (*answer["citations"], *answer["nearest"])} == {"MENAFN"}
    assert wrong.is_error and "'yesterday' is not a date" in wrong.content[0].text
    assert not Path(offline["ATTEMPTS"]).exists()


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "qa.mcp", "--store", str(tmp_path / "none")]
    done = subprocess.run(command, cwd=ROOT, input="", capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (2, "") and "there is no store" in done.stderr
