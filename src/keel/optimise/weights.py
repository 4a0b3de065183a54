"""The shares a method gives some products, inside their bounds."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any, assert_never

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.portfolio.room import Room, fitted
from keel.domain.portfolio.split import PLAIN, Method
from keel.errors import InputError

WANTED = "pip install 'keel[optimise]'"


def available(method: Method) -> bool:
    """Whether the method can be used here: without skfolio only the plain ones can."""
    return method in PLAIN or find_spec("skfolio") is not None


def shares(method: Method, returns: Floats, room: Room) -> Floats:
    """The shares (k,) of products with these returns (n, k), inside the room, summing to 1.

    Raises InputError where skfolio is not installed or finds none.
    """
    count = returns.shape[1]
    if count == 1:
        return np.ones(1)
    if method in PLAIN:
        return fitted(_plain(method, returns), room)
    if not available(method):
        raise InputError(f"This method needs skfolio: {WANTED}.", hint="Equal parts need nothing.", subject="skfolio")
    model = _model(method, room)
    try:
        model.fit(returns)
    except Exception as error:  # the solver's own kinds, many
        message = "No shares could be found inside the bounds."
        raise InputError(message, hint="Widen them, or choose another method.", subject=method.value) from error
    return fitted(np.asarray(model.weights_, dtype=np.float64).clip(0.0), room)


def _plain(method: Method, returns: Floats) -> Floats:
    if method is Method.equal:
        return np.full(returns.shape[1], 1.0 / returns.shape[1])
    calm = 1.0 / returns.std(axis=0, ddof=1)
    return np.asarray(calm / calm.sum(), dtype=np.float64)


def _model(method: Method, room: Room) -> Any:
    """skfolio's estimator of the method; a hierarchy knows no limits on means, and is fitted to them after."""
    made: Any = import_module("skfolio.optimization")
    bounds: dict[str, Any] = {"min_weights": room.low, "max_weights": room.high}
    inside = bounds | _inequalities(room)
    match method:
        case Method.minimum_variance:
            return made.MeanRisk(**inside)
        case Method.risk_parity:
            return made.RiskBudgeting(**inside)
        case Method.hrp:
            return made.HierarchicalRiskParity(**bounds)
        case Method.maximum_diversification:
            return made.MaximumDiversification(**inside)
        case Method.equal | Method.inverse_volatility:
            raise InputError(f"{method.value} is no optimisation.", subject=method.value)
        case _:
            assert_never(method)


def _inequalities(room: Room) -> dict[str, Any]:
    """The limits on means as skfolio takes them, each scaled to 1: a solver's tolerance is coarse beside a fee."""
    if not room.means:
        return {}
    scales = [max(float(mean.values.max()), 1e-12) for mean in room.means]
    left = np.array([mean.values / scale for mean, scale in zip(room.means, scales, strict=True)])
    right = np.array([mean.most / scale for mean, scale in zip(room.means, scales, strict=True)])
    return {"left_inequality": left, "right_inequality": right}
