"""Chat models made on the spot: a HuggingFace folder that says one thing, and an OpenAI-compatible server."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

Reply = Callable[[str], Iterator[str]]  # the prompt's last message in, pieces of text out


class Dropped(Exception):
    """Raised by a reply: the connection is closed in the middle of a piece."""


@dataclass
class Server:
    """A server on the loopback: what it says, how it fails, and what it was asked."""

    reply: Reply
    status: int = 200
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)


def says(*pieces: str) -> Reply:
    """The same pieces to whatever is asked."""
    return lambda prompt: iter(pieces)


def slow(*pieces: str, pause: float) -> Reply:
    """The pieces with a pause before each."""

    def reply(prompt: str) -> Iterator[str]:
        for piece in pieces:
            time.sleep(pause)
            yield piece

    return reply


def dropped(*pieces: str) -> Reply:
    """The pieces, then nothing: the line breaks."""

    def reply(prompt: str) -> Iterator[str]:
        yield from pieces
        raise Dropped

    return reply


@contextmanager
def serving(reply: Reply, status: int = 200, finish: str = "stop") -> Iterator[Server]:
    """An OpenAI-compatible server that streams a reply to every chat completion, or answers with an error status.

    `finish` is the reason it gives for stopping, "" for none: a gateway whose model died behind it.
    """
    told = Server(reply, status)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.asked.append(asked)
            if told.status != 200 or self.path != "/v1/chat/completions":
                body = json.dumps({"error": {"message": f"the model failed ({told.status})"}}).encode()
                self.send_response(told.status if told.status != 200 else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.close_connection = True
            try:
                for piece in told.reply(asked["messages"][-1]["content"]):
                    self._event({"role": "assistant", "content": piece}, None)
                if finish:
                    self._event({}, finish)
                self._send(b"data: [DONE]\n\n")
                self._send(b"")
            except Dropped:
                self.wfile.write(b'40\r\ndata: {"id": "1", "choi')  # half an event, and the line is closed
            except OSError:
                pass  # the client has heard enough

        def _event(self, delta: dict[str, str], why: str | None) -> None:
            choice = {"index": 0, "delta": delta, "finish_reason": why}
            event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
            self._send(b"data: " + json.dumps(event).encode() + b"\n\n")

        def _send(self, chunk: bytes) -> None:
            self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            self.wfile.flush()

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()


TEMPLATE = "{% for one in messages %}{{ one['role'] }} : {{ one['content'] }} {% endfor %}<go>"


def save_model(folder: Path, said: Sequence[str], template: str | None = TEMPLATE) -> Path:
    """A Llama of a few thousand weights that says these words, whatever it is asked, and then stops.

    Attention and the layer behind it add nothing; each word's vector points at the next word, so they must all differ.
    An endless one: a last word that comes before, and then the words between are said again and again.
    """
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    words = ["<unk>", "</s>", "<go>", *dict.fromkeys(said)]
    number = {word: at for at, word in enumerate(words)}
    spelled = Tokenizer(models.WordLevel(number, unk_token="<unk>"))
    spelled.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=spelled, unk_token="<unk>", eos_token="</s>", additional_special_tokens=["<go>"]
    )
    fast.chat_template = template
    fast.save_pretrained(folder)
    size = 4 * -(-len(words) // 4)
    config = LlamaConfig(
        vocab_size=len(words), hidden_size=size, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=8192, bos_token_id=2, eos_token_id=1,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    follows = ["<go>", *said] if said and said[-1] in said[:-1] else ["<go>", *said, "</s>"]
    with torch.no_grad():
        for weight in (*model.model.layers[0].self_attn.parameters(), *model.model.layers[0].mlp.parameters()):
            weight.zero_()
        model.model.embed_tokens.weight.copy_(torch.eye(size)[: len(words)])
        model.lm_head.weight.zero_()
        for one, after in pairwise(follows):
            model.lm_head.weight[number[after], number[one]] = 1.0
    model.save_pretrained(folder)
    return folder
