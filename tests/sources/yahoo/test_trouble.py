"""What the library raises, by the class it becomes."""

from __future__ import annotations

from types import SimpleNamespace

from keel.sources.yahoo import trouble as known
from keel.sources.yahoo.trouble import trouble


class HTTPError(OSError):
    """As the library's client raises it, with the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP Error {status}")
        self.response = SimpleNamespace(status_code=status)


class ClientError(OSError):
    """As the library's client raises it when no answer came, with curl's number."""

    def __init__(self, code: int) -> None:
        super().__init__("failed to perform")
        self.code, self.response = code, SimpleNamespace(status_code=0)


def errors() -> list[tuple[Exception, known.Trouble]]:
    """What the library raises, imported here: it takes seconds."""
    from yfinance import exceptions

    return [
        (exceptions.YFRateLimitError(), known.ASKED_TOO_OFTEN),
        (HTTPError(429), known.ASKED_TOO_OFTEN),
        (HTTPError(401), known.ASKED_TOO_OFTEN),
        (HTTPError(404), known.UNKNOWN),
        (HTTPError(503), known.SILENT),
        (exceptions.YFTzMissingError("A"), known.UNKNOWN),
        (exceptions.YFPricesMissingError("A", "", "No data found, symbol may be delisted"), known.UNKNOWN),
        (exceptions.YFPricesMissingError("A", "", "Data doesn't exist for startDate = 1, endDate = 2"), known.EMPTY),
        (exceptions.YFPricesMissingError("A", "(1d 2024-01-01 -> 2024-02-01)"), known.EMPTY),
        (exceptions.YFDataException("*** YAHOO! FINANCE IS CURRENTLY DOWN! ***"), known.DOWN),
        (ClientError(6), known.UNREACHABLE),
        (ClientError(7), known.UNREACHABLE),
        (ClientError(28), known.SILENT),
        (TimeoutError(), known.SILENT),
        (ConnectionRefusedError(), known.UNREACHABLE),
    ]


def test_every_error_has_its_class() -> None:
    for error, kind in errors():
        assert trouble(error) == kind, repr(error)


def test_anything_else_is_an_answer_that_cannot_be_used() -> None:
    for error in (KeyError("chart"), TypeError("list"), ValueError("not JSON")):
        assert trouble(error).failure("A").message == (
            "Yahoo's answer for A cannot be used: it is not what Yahoo usually sends."
        )
