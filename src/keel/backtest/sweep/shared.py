"""What the policies of one sweep share: made once each, whichever thread asks first."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

from keel.backtest.looks import look_mask
from keel.backtest.sweep.arrays import Arrays, Scenario, arrays_of, closes_after_fee, swept_half_widths
from keel.backtest.sweep.records import HalfWidths, Scan
from keel.domain.arrays import Floats, Ints, Mask
from keel.domain.policy.records import Look, Policy

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """The ``most`` last asked for of what was made; each is made once, though several threads ask at the same time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._promises: dict[Hashable, Future[Value]] = {}  # the last asked for is the last in it

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What ``make`` returned for this key; what it raised is raised to all who wait, and made anew afterwards."""
        with self._lock:
            known = self._promises.pop(key, None)
            promise = known or Future()
            self._promises[key] = promise
            while len(self._promises) > self._most:
                del self._promises[next(iter(self._promises))]
        if known is None:
            self._fulfil(key, promise, make)
        return promise.result()

    def _fulfil(self, key: Hashable, promise: Future[Value], make: Callable[[], Value]) -> None:
        try:
            promise.set_result(make())
        except BaseException as error:
            with self._lock:
                self._promises.pop(key, None)
            promise.set_exception(error)


class Shared:
    """What one sweep has made so far, by what it was made of.

    A sweep owns one, which goes when the sweep goes, so two sweeps at once take nothing from each other. In another
    process a copy of it starts empty.
    """

    def __init__(self) -> None:
        self._arrays = Recent[Arrays](64)
        self._looks = Recent[Mask](256)
        self._closes = Recent[Floats](8)
        self._half_widths = Recent[HalfWidths](64)
        self._scans = Recent[tuple[Scan, Ints] | None](8)  # a scan of a thousand widths holds some 100 MB

    def __reduce__(self) -> tuple[type[Shared], tuple[()]]:
        return Shared, ()

    def arrays(self, scenario: Scenario) -> Arrays:
        """The arrays of a scenario."""
        return self._arrays.get(scenario, lambda: arrays_of(scenario))

    def looks(self, scenario: Scenario, look: Look, offset: int) -> Mask:
        """The looks (n,) of a policy; many policies have the same."""
        return self._looks.get((scenario, look, offset), lambda: look_mask(scenario.window.dates, look, offset))

    def closes(self, arrays: Arrays, keep: float) -> Floats:
        """The closes (n, k) less an advisory fee."""
        return self._closes.get((arrays, keep), lambda: closes_after_fee(arrays, keep))

    def half_widths(self, arrays: Arrays, policy: Policy, field: str) -> HalfWidths:
        """The band of a policy, in its one parameter ``field``; policies of many looks and lags have the same."""
        key = (arrays, policy.trigger, policy.band, field)
        return self._half_widths.get(key, lambda: swept_half_widths(arrays, policy, field))

    def scan(self, key: Hashable, make: Callable[[], tuple[Scan, Ints] | None]) -> tuple[Scan, Ints] | None:
        """The segments of some widths, because batches of costs ask for the same again."""
        return self._scans.get(key, make)
