"""What the library raises, as one of the classes a failure has, and in our own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keel.domain.market.public.bars import Failure, FailureClass

LIMITED = 429
BLOCKED = (401, 403, 999)
GONE = (400, 404, 422)
UNREACHED = {"DNSError", "ProxyError", "SSLError", "ConnectionRefusedError"}
UNREACHED_CODES = (5, 6, 7, 35, 60, 97)  # of curl: no proxy, no name, no connection, no trust
NO_NETWORK = "Yahoo cannot be reached: there is no network here, or it is blocked."


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a question has no answer; ``of_all``: it would be the same for every symbol. ``{}`` stands for the symbol."""

    kind: FailureClass
    words: str
    of_all: bool = False

    def failure(self, symbol: str) -> Failure:
        """It, as the failure of a symbol."""
        return Failure(symbol, self.kind, self.words.replace("{}", symbol))


UNREACHABLE = Trouble(FailureClass.timeout, NO_NETWORK, of_all=True)
SILENT = Trouble(FailureClass.timeout, "Yahoo did not answer for {} in time.")
DOWN = Trouble(FailureClass.timeout, "Yahoo says that it is down for the moment.", of_all=True)
ASKED_TOO_OFTEN = Trouble(
    FailureClass.rate_limited, "Yahoo asks to wait, it was asked too often: refresh again in an hour.", of_all=True
)
UNKNOWN = Trouble(FailureClass.delisted, "Yahoo has no prices of {}: it is delisted, or has another symbol there.")
EMPTY = Trouble(FailureClass.empty, "Yahoo's answer for {} has no price in it.")


def trouble(error: Exception) -> Trouble:
    """What an error of the library means.

    >>> trouble(TimeoutError()).failure("SPY").message
    'Yahoo did not answer for SPY in time.'
    """
    kinds = {kind.__name__ for kind in type(error).__mro__}
    status = getattr(getattr(error, "response", None), "status_code", None)
    if "YFRateLimitError" in kinds or status == LIMITED or status in BLOCKED:
        return ASKED_TOO_OFTEN
    if status:  # 0 where no answer came
        return UNKNOWN if status in GONE else SILENT
    if "YFPricesMissingError" in kinds:
        return _without_prices(error)
    if "YFTickerMissingError" in kinds:
        return UNKNOWN
    if "YFDataException" in kinds:
        return DOWN
    if "OSError" in kinds and "JSONDecodeError" not in kinds:
        away = kinds & UNREACHED or getattr(error, "code", None) in UNREACHED_CODES
        return UNREACHABLE if away else SILENT
    return malformed("it is not what Yahoo usually sends")


def malformed(why: str) -> Trouble:
    """An answer that cannot be used."""
    return Trouble(FailureClass.malformed, f"Yahoo's answer for {{}} cannot be used: {why}.")


def _without_prices(error: Any) -> Trouble:
    """A symbol that Yahoo does not know, or one it has no prices of for the days asked."""
    reason = str(getattr(error, "yahoo_reason", None) or "").lower()
    return UNKNOWN if "delisted" in reason or "not found" in reason else EMPTY
