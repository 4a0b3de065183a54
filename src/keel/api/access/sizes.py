"""How much one may send: so many bytes a request, by what its address takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.types import Message, Receive

from keel.errors import TooLargeError
from keel.pack.bundle.contents import LARGEST
from keel.settings import FRAMEWORK_LIMIT, MEGABYTE
from keel.sources.files.disk import PRICES_LIMIT, STATEMENT_LIMIT, TABLE_LIMIT
from keel.sources.files.exposures import EXPOSURES_LIMIT

USUAL = FRAMEWORK_LIMIT
FILES: Mapping[tuple[str, str], int] = {  # how an address begins and ends where files come in → bytes
    ("prices", "imports"): PRICES_LIMIT,
    ("portfolios", "begin"): STATEMENT_LIMIT,
    ("portfolios", "imports"): STATEMENT_LIMIT,
    ("bundles", "replay"): LARGEST,
    ("universe", "imports"): TABLE_LIMIT,
    ("exposures", "imports"): EXPOSURES_LIMIT,
}


def limit_of(path: str) -> int:
    """The most bytes that a body sent to an address of REST may have.

    >>> limit_of("/prices/imports"), limit_of("/portfolios/pf_1/imports"), limit_of("/backtest")
    (200000000, 60000000, 20000000)
    """
    parts = path.strip("/").split("/")
    return FILES.get((parts[0], parts[-1]), USUAL)


def require(size: int, limit: int) -> None:
    """Raises TooLargeError for a body of more than ``limit`` bytes."""
    if size > limit:
        message = f"The body is larger than the {limit / MEGABYTE:g} MB that can be sent here."
        raise TooLargeError(message, hint="Send less of it, or in parts.", subject="body")


def bounded(receive: Receive, limit: int, count: Callable[[int], None]) -> Receive:
    """``receive`` that raises TooLargeError as soon as more than ``limit`` bytes have come, said beforehand or not.

    ``count`` is told of the bytes of each part as it comes.
    """
    size = 0

    async def received() -> Message:
        nonlocal size
        message = await receive()
        part = len(message.get("body", b""))
        size += part
        require(size, limit)
        count(part)
        return message

    return received
