"""Backtests from Python: frames and files of prices in, results, tables and documents out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from keel.notebook import blend_from, price_matrix

if TYPE_CHECKING:
    import pandas as pd

    from keel.backtest.luck.bootstrap import Confidence
    from keel.backtest.result import BacktestResult
    from keel.backtest.sweep.table import SweepTable
    from keel.domain.framework.records import Framework
    from keel.domain.market.prices import PriceMatrix
    from keel.domain.policy.records import Policy
    from keel.domain.portfolio.book import Book
    from keel.domain.study.question import Question
    from keel.domain.study.resampling import Resampling


def backtest_policies(
    framework: Framework,
    prices: PriceMatrix | pd.DataFrame | str | Path,
    policies: Mapping[str, Policy | str | Mapping[str, object]] | str = "annual",
    *,
    start: date | None = None,
    end: date | None = None,
    benchmark: str | Mapping[str, object] = "",
    **settings: object,
) -> tuple[BacktestResult, ...]:
    """One result per policy: presets by name, objects as in JSON, or Policy records; ``settings`` as in ``--run``.

    With a ``benchmark``, a symbol or a blend as in JSON, its result is the last.
    """
    from keel.backtest.run import answer

    named = {policies: policies} if isinstance(policies, str) else policies
    matrix, made, asked = _asked(framework, prices, named, start, end, settings)
    beside = benchmark if isinstance(benchmark, str) else blend_from(benchmark)
    return answer(matrix, made, replace(asked, benchmark=beside), framework)


def sweep_policies(
    framework: Framework,
    prices: PriceMatrix | pd.DataFrame | str | Path,
    grid: Mapping[str, object],
    *,
    start: date | None = None,
    end: date | None = None,
    skip_invalid: bool = False,
) -> SweepTable:
    """One row per policy of a grid as in ``keel sweep``; ``to_arrow().to_pandas()`` of it is a data frame."""
    from keel.backtest.sweep.run import run
    from keel.backtest.sweep.scenarios import scenarios
    from keel.domain.portfolio.book import book
    from keel.domain.study.grid import parse_grid

    parsed, matrix = parse_grid(dict(grid)), price_matrix(prices)
    made = book(framework, columns=matrix.symbols)
    return run(scenarios(parsed, lambda _: (matrix, made), start=start, end=end), parsed, skip_invalid=skip_invalid)


def compare_policies(
    framework: Framework,
    prices: PriceMatrix | pd.DataFrame | str | Path,
    policies: Mapping[str, Policy | str | Mapping[str, object]],
    how: Resampling | None = None,
    *,
    start: date | None = None,
    end: date | None = None,
    **settings: object,
) -> Confidence:
    """How sure the differences between two policies are, the first less the second, over resampled histories.

    ``how`` says the number of histories, the seed, the level and the mean block (``Resampling``). Raises InputError
    unless there are two policies, HistoryTooShortError under 24 returns.
    """
    from keel.backtest.luck.bootstrap import confidence
    from keel.backtest.window import align
    from keel.domain.study.candidate import Candidate
    from keel.domain.study.resampling import USUAL
    from keel.errors import InputError

    if len(policies) != 2:
        raise InputError(f"Two policies are compared, not {len(policies)}.", subject="policies")
    matrix, made, asked = _asked(framework, prices, policies, start, end, settings)
    first, second = (Candidate(name, policy, asked.settings) for name, policy in asked.policies.items())
    window = align(matrix, made.symbols, start, end, allow_gaps=asked.settings.allow_gaps)
    return confidence(window, made, first, second, how or USUAL)


def luck_of(
    framework: Framework,
    prices: PriceMatrix | pd.DataFrame | str | Path,
    policies: Mapping[str, Policy | str | Mapping[str, object]],
    how: Resampling | None = None,
    *,
    start: date | None = None,
    end: date | None = None,
    **settings: object,
) -> dict[str, object]:
    """What of a backtest could be luck, as ``keel luck --json`` says it: the first policy against each other one.

    Raises HistoryTooShortError under 24 returns.
    """
    from keel.backtest.luck.answers.as_json import report_json
    from keel.domain.study.resampling import USUAL
    from keel.services.luck import report

    matrix, made, asked = _asked(framework, prices, policies, start, end, settings)
    return report_json(report(matrix, made, asked, how or USUAL))


def verify(
    framework: Framework,
    prices: PriceMatrix | pd.DataFrame | str | Path,
    policies: Mapping[str, Policy | str | Mapping[str, object]],
    *,
    start: date | None = None,
    end: date | None = None,
    **settings: object,
) -> dict[str, object]:
    """The trades of a backtest replayed by vectorbt, as ``keel verify --json`` says it.

    Raises AuditError where vectorbt is not installed.
    """
    from keel.backtest.run import answer
    from keel.services import audit

    matrix, made, asked = _asked(framework, prices, policies, start, end, settings)
    return audit.to_json(audit.audit(answer(matrix, made, asked, framework), matrix, start=start, end=end))


def _asked(
    framework: Framework,
    prices: PriceMatrix | pd.DataFrame | str | Path,
    policies: Mapping[str, Policy | str | Mapping[str, object]],
    start: date | None,
    end: date | None,
    settings: Mapping[str, object],
) -> tuple[PriceMatrix, Book, Question]:
    from keel.domain.policy.settings import parse_run_settings
    from keel.domain.portfolio.book import book
    from keel.domain.study.question import Question

    matrix = price_matrix(prices)
    made = book(framework, columns=matrix.symbols)
    return matrix, made, Question("", _parsed(policies), parse_run_settings(dict(settings)), start, end)


def _parsed(policies: Mapping[str, Policy | str | Mapping[str, object]]) -> dict[str, Policy]:
    from keel.domain.policy.as_json import parse_policy
    from keel.domain.policy.records import Policy

    return {name: p if isinstance(p, Policy) else parse_policy(p) for name, p in policies.items()}


def risk_of(result: BacktestResult, prices: PriceMatrix | pd.DataFrame | str | Path) -> dict[str, object]:
    """What each bucket and product contributes to the risk, as ``keel backtest --risk --json`` says it.

    ``prices`` are those of the backtest.
    """
    from keel.backtest.metrics.risk import risk_json, risk_report

    return risk_json(risk_report(price_matrix(prices), result))


def monthly_returns(result: BacktestResult) -> pd.DataFrame:
    """The return of each month, a row a year, columns 1 to 12; NaN outside the window, whose ends may be partial."""
    import pandas as pd

    from keel.services import history

    rows = pd.DataFrame(history.months(result), columns=["year", "month", "value"])
    return rows.pivot(index="year", columns="month", values="value")


def rolling_returns(result: BacktestResult, years: int) -> pd.Series[float]:
    """The return a year over the ``years`` before each date that has so many."""
    import pandas as pd

    from keel.services import history

    dates, values = history.rolling(result, years)
    return pd.Series(values, index=pd.Index(dates, name="date"))


def falls(result: BacktestResult) -> pd.DataFrame:
    """The five deepest falls, deepest first: ``peak``, ``trough``, ``recovered``, ``depth`` and ``days``."""
    import pandas as pd

    from keel.services import history

    columns = ("peak", "trough", "recovered", "depth", "days")
    return pd.DataFrame([[getattr(fall, name) for name in columns] for fall in history.falls(result)], columns=columns)


def contributions(result: BacktestResult) -> pd.Series[float]:
    """What each leaf added to wealth, as a fraction of the wealth at the start, before trading costs."""
    import pandas as pd

    from keel.services import history

    return pd.Series(history.contribution(result), index=list(result.book.paths))


def correlations(result: BacktestResult) -> pd.DataFrame:
    """How the leaves' returns moved together; NaN for one that is never held or never moves."""
    import pandas as pd

    from keel.services import history

    paths = list(result.book.paths)
    return pd.DataFrame(history.correlation(result), index=paths, columns=paths)
