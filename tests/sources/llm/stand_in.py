"""An endpoint on this machine that speaks OpenAI's and Anthropic's protocols, and answers what a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from keel.settings import Model

Body = dict[str, Any]
Answer = Callable[["Endpoint", Body], tuple[int, bytes]]


@dataclass
class Endpoint:
    """What was sent to it, and what it answers: one after the other, the last again and again."""

    answers: list[Answer]
    sent: list[Body] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def model(self, protocol: str = "openai", **others: Any) -> Model:
        """The model that is asked here."""
        url = f"http://127.0.0.1:{self.port}{'/v1' if protocol == 'openai' else ''}"
        return Model(protocol, "test-model", url, "SECRET-KEY", **{"seconds": 20.0, **others})


def says(value: object, tokens: int = 10) -> Answer:
    """Calls the function it was given with this; text stands as it is."""
    return lambda endpoint, body: (200, json.dumps(_called(value, tokens, body)).encode())


def refuses(endpoint: Endpoint, body: Body) -> tuple[int, bytes]:
    """Says in words that it will not."""
    message = {"role": "assistant", "content": None, "refusal": "I cannot help with that."}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return 200, json.dumps(_completion(body, choice, 10)).encode()


def ends(reason: str, content: list[Body]) -> Answer:
    """Ends an answer in Anthropic's protocol for a reason, with this in it."""
    head = {"id": "m1", "type": "message", "role": "assistant", "content": content, "stop_reason": reason}
    usage = {"stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1}}
    return lambda endpoint, body: (200, json.dumps(head | usage | {"model": body["model"]}).encode())


def fails(status: int) -> Answer:
    """Answers with a status, and repeats what it was sent."""
    return lambda endpoint, body: (status, json.dumps({"error": {"message": f"{endpoint.keys} {body}"}}).encode())


def is_broken(endpoint: Endpoint, body: Body) -> tuple[int, bytes]:
    """Answers what is no JSON."""
    return 200, b'{"id": "1", "choices": [{'


def never_ends(endpoint: Endpoint, body: Body) -> tuple[int, bytes]:
    """Begins an answer that goes on as long as somebody listens."""
    return -1, b" "


def _called(value: object, tokens: int, body: Body) -> Body:
    tool, said = body["tools"][0], value if isinstance(value, str) else json.dumps(value)
    if "function" not in tool:
        content = [{"type": "tool_use", "id": "t1", "name": tool["name"], "input": json.loads(said)}]
        usage = {"input_tokens": tokens, "output_tokens": tokens}
        return {"id": "m1", "type": "message", "role": "assistant", "model": body["model"], "content": content,
                "stop_reason": "tool_use", "stop_sequence": None, "usage": usage}  # fmt: skip
    call = {"id": "c1", "type": "function", "function": {"name": tool["function"]["name"], "arguments": said}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    return _completion(body, {"index": 0, "finish_reason": "tool_calls", "message": message}, tokens)


def _completion(body: Body, choice: Body, tokens: int) -> Body:
    usage = {"prompt_tokens": tokens, "completion_tokens": tokens, "total_tokens": 2 * tokens}
    head = {"id": "1", "object": "chat.completion", "created": 1, "model": body["model"]}
    return head | {"choices": [choice], "usage": usage}


@contextmanager
def endpoint(*answers: Answer) -> Iterator[Endpoint]:
    """The endpoint while the block runs."""
    here = Endpoint(list(answers))

    class Speaks(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            here.sent.append(body)
            here.keys.append(self.headers.get("authorization") or self.headers.get("x-api-key") or "")
            answer = here.answers.pop(0) if len(here.answers) > 1 else here.answers[0]
            status, data = answer(here, body)
            self.send_response(status if status > 0 else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data) if status > 0 else 10**9))
            self.end_headers()
            self.wfile.write(data)
            while status < 0 and not here.over.wait(0.02):
                try:
                    self.wfile.write(data)
                except OSError:
                    return

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Speaks)
    server.daemon_threads = True
    here.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        here.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
