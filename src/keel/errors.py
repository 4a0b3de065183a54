"""Every error Keel raises on purpose.

KeelError (message, hint, subject)
├─ InputError(ValueError)
│   ├─ InvalidFrameworkError (.issues)
│   ├─ InvalidPolicyError
│   ├─ ImportFormatError (.row .column)
│   │   └─ AmbiguousDatesError
│   └─ LockedHoldingError
├─ NotFoundError(LookupError)
│   ├─ FrameworkNotFoundError
│   ├─ PortfolioNotFoundError
│   ├─ InstrumentNotFoundError
│   ├─ RunNotFoundError
│   ├─ PolicyNotFoundError
│   ├─ BenchmarkNotFoundError
│   ├─ TemplateNotFoundError
│   ├─ JobNotFoundError
│   ├─ PlanNotFoundError
│   ├─ ProfileNotFoundError
│   ├─ WorkflowNotFoundError
│   ├─ AlertNotFoundError
│   ├─ TokenNotFoundError
│   ├─ LinkNotFoundError
│   └─ ImportNotFoundError
├─ MarketDataError
│   ├─ PricesMissingError
│   ├─ PricesStaleError
│   ├─ HistoryTooShortError
│   └─ SourceUnavailableError
├─ GeneratorError
├─ NotSentError
├─ AccessError
│   ├─ NotSignedInError
│   ├─ ForbiddenError
│   ├─ TooLargeError
│   └─ TooManyRequestsError (.wait)
├─ BacktestError
│   ├─ PortfolioDepletedError
│   └─ AuditError
└─ StoreError
    ├─ StoreLockedError
    ├─ StoreOutdatedError
    ├─ UnderWayError
    └─ EditConflictError

The message is one sentence that says what is wrong and where; the hint says what to do; the subject
names the thing (a path, a symbol, a file). Foreseeable problems of a framework are ``Finding`` values;
an exception means that the step cannot finish.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keel.domain.issue import Finding


class KeelError(Exception):
    """The root: ``str(error)`` is one sentence for the person who sees it."""

    def __init__(self, message: str, *, hint: str = "", subject: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.subject = subject


class InputError(KeelError, ValueError):
    """What was given cannot be used."""


class InvalidFrameworkError(InputError):
    """A framework with errors where a valid one is needed; ``issues`` holds them all."""

    def __init__(self, message: str, *, issues: Sequence[Finding] = (), hint: str = "", subject: str = "") -> None:
        super().__init__(message, hint=hint, subject=subject)
        self.issues = tuple(issues)


class InvalidPolicyError(InputError):
    """A rebalancing policy or run setting out of range or contradicting itself; ``subject`` is the field."""


class ImportFormatError(InputError):
    """A file that cannot be read; ``row`` (1 = first line) and ``column`` say where, when they are known."""

    def __init__(
        self, message: str, *, row: int | None = None, column: str | None = None, hint: str = "", subject: str = ""
    ) -> None:
        super().__init__(message, hint=hint, subject=subject)
        self.row = row
        self.column = column


class AmbiguousDatesError(ImportFormatError):
    """Dates that may begin with the day or with the month: a person can say which."""


class LockedHoldingError(InputError):
    """A change to a locked bucket or pick."""


class NotFoundError(KeelError, LookupError):
    """Under that name or id there is nothing stored."""


class FrameworkNotFoundError(NotFoundError):
    """No framework, or no such version of it."""


class PortfolioNotFoundError(NotFoundError):
    """No such portfolio."""


class InstrumentNotFoundError(NotFoundError):
    """No instrument with that id or symbol."""


class RunNotFoundError(NotFoundError):
    """No stored backtest run with that id."""


class PolicyNotFoundError(NotFoundError):
    """No such named policy."""


class BenchmarkNotFoundError(NotFoundError):
    """No such named benchmark."""


class TemplateNotFoundError(NotFoundError):
    """No template with that id."""


class JobNotFoundError(NotFoundError):
    """No background work with that id, or of that kind."""


class PlanNotFoundError(NotFoundError):
    """No stored plan with that id."""


class ProfileNotFoundError(NotFoundError):
    """No profile, or no such version of it."""


class WorkflowNotFoundError(NotFoundError):
    """No workflow with that id, or no run of one."""


class AlertNotFoundError(NotFoundError):
    """There is no alert with this id."""


class ImportNotFoundError(NotFoundError):
    """There is no import with this id."""


class TokenNotFoundError(NotFoundError):
    """No token with that id."""


class LinkNotFoundError(NotFoundError):
    """No shared link with that id, or none that leads anywhere."""


class AccessError(KeelError):
    """What the one who asks may not do."""


class NotSignedInError(AccessError):
    """Nobody is known to ask."""


class ForbiddenError(AccessError):
    """The one who asks may not do this."""


class TooLargeError(AccessError):
    """More than can be sent at once."""


class TooManyRequestsError(AccessError):
    """Too many questions at once; ``wait`` is how many seconds to leave it."""

    def __init__(self, message: str, *, wait: int, hint: str = "", subject: str = "") -> None:
        super().__init__(message, hint=hint, subject=subject)
        self.wait = wait


class MarketDataError(KeelError):
    """Prices that are absent or unfit for the question."""


class PricesMissingError(MarketDataError):
    """No prices, or a hole too long to carry, for the named instrument."""


class PricesStaleError(MarketDataError):
    """The newest price is too old for the question."""


class HistoryTooShortError(MarketDataError):
    """Fewer sessions in common than the question needs."""


class SourceUnavailableError(MarketDataError):
    """A price source that does not answer."""


class GeneratorError(KeelError):
    """A generator that does not answer, or whose answer cannot be used."""


class NotSentError(KeelError):
    """A message that could not be told outside."""


class BacktestError(KeelError):
    """A simulation that cannot go on."""


class PortfolioDepletedError(BacktestError):
    """Costs, fees or losses took the whole portfolio."""


class AuditError(BacktestError):
    """An audit that cannot be made, or whose auditor comes to another wealth."""


class StoreError(KeelError):
    """The database cannot do what was asked."""


class StoreLockedError(StoreError):
    """Another process holds the database file."""


class StoreOutdatedError(StoreError):
    """The file was written by a newer Keel."""


class UnderWayError(StoreError):
    """The same was asked before, and its end is not known."""


class EditConflictError(StoreError):
    """Somebody saved a newer version first; ``current`` is its number."""

    def __init__(self, message: str, *, current: int, hint: str = "", subject: str = "") -> None:
        super().__init__(message, hint=hint, subject=subject)
        self.current = current
