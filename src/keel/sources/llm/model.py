"""A question to a model, answered by a schema: with a deadline, a budget of tokens and one more try.

Endpoints that speak OpenAI's or Anthropic's protocol are asked through pydantic-ai, an optional extra that is loaded
when it is used. What a failure of theirs says is not passed on: it may hold what was sent, or the key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keel.errors import GeneratorError
from keel.settings import Model

if TYPE_CHECKING:
    from pydantic_ai import Agent
    from pydantic_ai.models import Model as Client

TRIES = 2  # what the model said, and once more with what is wrong with it
OF_THE_NETWORK = 1  # times that a request is sent again when the endpoint is busy or gone
LONGEST_ANSWER = 8_000  # tokens
RULES = "Ask again later, or let the rules propose."
TICK = 0.1  # s between two looks whether anybody still wants to know
Tick = Callable[[], None]  # called every so often; what it raises ends the question


def unwatched() -> None:
    """Lets the question go on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model is asked: how to answer, the facts, the schema of the answer, and what is wrong with an answer.

    ``complaint`` gives a sentence for an answer that cannot be used, empty for one that can.
    """

    instructions: str
    facts: str
    schema: dict[str, object]
    complaint: Callable[[object], str]


def ask(model: Model, asked: Asked, tick: Tick = unwatched) -> object:
    """What the model said, an object of the schema about which there is no complaint.

    Raises GeneratorError, and what ``tick`` raises.
    """
    return _in_its_own_thread(_watched(_said(model, asked), tick))


async def _watched(work: Coroutine[Any, Any, object], tick: Tick) -> object:
    """The result of the work, which ends at once when ``tick`` raises."""
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait([task], timeout=TICK))[0]:
            tick()
    finally:
        task.cancel()
    return task.result()


async def _said(model: Model, asked: Asked) -> object:
    try:
        return await _answer(_agent(model, asked), model, asked.facts)
    except ImportError:
        message = "pydantic-ai is not installed, which asks a model."
        raise GeneratorError(message, hint="pip install 'keel[models]'", subject="KEEL_MODEL") from None
    except Exception as error:
        raise GeneratorError(_words(error, model), hint=RULES, subject=model.name) from None


def _in_its_own_thread(work: Coroutine[Any, Any, object]) -> object:
    """The result of the work: a notebook and a server run a loop of their own in the thread that asks."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _answer(agent: Agent[None, Any], model: Model, facts: str) -> object:
    from pydantic_ai import UsageLimits

    done = await agent.run(
        facts,
        timeout=model.seconds,
        usage_limits=UsageLimits(request_limit=TRIES, total_tokens_limit=model.tokens),
        model_settings={
            "timeout": model.seconds,
            "max_tokens": min(LONGEST_ANSWER, model.tokens),
            "max_retries": OF_THE_NETWORK,
        },
    )
    return dict(done.output)


def _agent(model: Model, asked: Asked) -> Agent[None, Any]:
    """Who asks: the answer is a call of one function whose arguments are of the schema, judged before it is taken."""
    from pydantic_ai import Agent, ModelRetry, StructuredDict, ToolOutput

    output = ToolOutput(StructuredDict(asked.schema, name="proposal"), name="propose", strict=False)
    agent: Agent[None, Any] = Agent(
        _client(model), output_type=output, instructions=asked.instructions, retries=TRIES - 1
    )

    @agent.output_validator
    def judged(said: Any) -> Any:
        wrong = asked.complaint(said)
        if wrong:
            raise ModelRetry(wrong)
        return said

    return agent


def _client(model: Model) -> Client:
    """Who speaks the model's protocol; without a key a word stands for it, so that none of another maker is sent."""
    url, key = model.url or None, model.key or "none"
    if model.protocol == "anthropic":
        from pydantic_ai.models.anthropic import AnthropicModel
        from pydantic_ai.providers.anthropic import AnthropicProvider

        return AnthropicModel(model.name, provider=AnthropicProvider(api_key=key, base_url=url))
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    address = url or "https://api.openai.com/v1"
    return OpenAIChatModel(model.name, provider=OpenAIProvider(api_key=key, base_url=address))


def _words(error: Exception, model: Model) -> str:
    """Why there is no answer, in a sentence of ours."""
    from pydantic_ai import exceptions as known

    match error:
        case known.RunTimedOut() | known.ModelTimeoutError() | TimeoutError():
            return f"The model {model.name} did not answer within {model.seconds:g} seconds."
        case known.UsageLimitExceeded():
            return f"The model {model.name} used up its budget of {model.tokens:,} tokens."
        case known.ContentFilterError():
            return f"The model {model.name} refused to answer."
        case known.ModelAuthenticationError():
            return f"The endpoint of the model {model.name} refused the key."
        case known.ModelConnectionError():
            return f"The endpoint of the model {model.name} cannot be reached."
        case known.ModelHTTPError():
            return f"The endpoint of the model {model.name} answered with status {error.status_code}."
        case known.UnexpectedModelBehavior():
            return f"What the model {model.name} said cannot be used."
        case _:
            return f"The model {model.name} could not be asked ({type(error).__name__})."
