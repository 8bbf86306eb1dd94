"""A question as JSON in, the JSON answer of the command line out: for POST /api/ask and for MCP."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ingest.errors import UserError
from qa.chat.desk import Desk
from qa.chat.talk import Choices, chosen_day
from qa.config import DEFAULT
from qa.limits import named

HISTORY = 50  # earlier questions taken with a question
TAKEN = (
    'Send {"question": ".."}, and if you like "history": [".."], "publishers": [".."], "as_of", "since", "until", "id".'
)


def answered(desk: Desk, choices: Choices, asked: object) -> Mapping[str, Any]:
    """The answer to a question with its history and limits; UserError for anything else. `choices` names the model."""
    asked = asked if isinstance(asked, dict) else {}
    question, history, publishers = asked.get("question"), asked.get("history", []), asked.get("publishers", [])
    lists = isinstance(history, list) and isinstance(publishers, list)
    if not (isinstance(question, str) and lists and all(isinstance(one, str) for one in (*history, *publishers))):
        raise UserError(TAKEN)
    limits: dict[str, Any] = {field: chosen_day(asked.get(field)) for field in ("as_of", "since", "until")}
    limits["publishers"] = named(desk.publishers(), publishers) if publishers else ()
    with desk.place(), desk.asker(choices.model, choices.url) as asker:
        answer = asker.ask(question, history[-HISTORY:], **limits)
    return {**replace(answer, nearest=answer.nearest[: DEFAULT.nearest]).to_json(), "id": asked.get("id", "")}
