"""The shares a method gives some products, inside their bounds."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any, assert_never

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.portfolio.split import PLAIN, Method, within
from keel.errors import InputError

WANTED = "pip install 'keel[optimise]'"


def available(method: Method) -> bool:
    """Whether the method can be used here: without skfolio only the plain ones can."""
    return method in PLAIN or find_spec("skfolio") is not None


def shares(method: Method, returns: Floats, low: Floats, high: Floats) -> Floats:
    """The shares (k,) of products with these returns (n, k), between ``low`` and ``high``, summing to 1.

    Raises InputError where skfolio is not installed or finds none.
    """
    count = returns.shape[1]
    if count == 1:
        return np.ones(1)
    if method in PLAIN:
        return within(_plain(method, returns), low, high)
    if not available(method):
        raise InputError(f"This method needs skfolio: {WANTED}.", hint="Equal parts need nothing.", subject="skfolio")
    model = _model(method, low, high)
    try:
        model.fit(returns)
    except Exception as error:  # the solver's own kinds, many
        message = "No shares could be found inside the bounds."
        raise InputError(message, hint="Widen them, or choose another method.", subject=method.value) from error
    return within(np.asarray(model.weights_, dtype=np.float64).clip(0.0), low, high)


def _plain(method: Method, returns: Floats) -> Floats:
    if method is Method.equal:
        return np.full(returns.shape[1], 1.0 / returns.shape[1])
    calm = 1.0 / returns.std(axis=0, ddof=1)
    return np.asarray(calm / calm.sum(), dtype=np.float64)


def _model(method: Method, low: Floats, high: Floats) -> Any:
    """skfolio's estimator of the method."""
    made: Any = import_module("skfolio.optimization")
    bounds = {"min_weights": low, "max_weights": high}
    match method:
        case Method.minimum_variance:
            return made.MeanRisk(**bounds)
        case Method.risk_parity:
            return made.RiskBudgeting(**bounds)
        case Method.hrp:
            return made.HierarchicalRiskParity(**bounds)
        case Method.maximum_diversification:
            return made.MaximumDiversification(**bounds)
        case Method.equal | Method.inverse_volatility:
            raise InputError(f"{method.value} is no optimisation.", subject=method.value)
        case _:
            assert_never(method)
