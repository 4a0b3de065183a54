"""The policy lab's sweep on a stored portfolio."""

from __future__ import annotations

import pytest

from keel.domain.policy.records import RunSettings
from keel.domain.study.grid import parse_grid
from keel.domain.study.question import Question
from keel.errors import InputError, PortfolioNotFoundError
from keel.services import example, lab, study
from keel.store.connection import Database

GRID = parse_grid(
    {
        "base": {"trigger": "band", "band": {"kind": "absolute"}},
        "axes": {"band.width_bps": [100, 500], "look": ["monthly", "annual"], "cost_bps": [0, 10]},
    }
)


def test_rows_are_those_of_stored_studies(db: Database) -> None:
    portfolio = example.open_example(db)
    table = lab.sweep(db, Question(portfolio.id), GRID)
    assert len(table) == GRID.size == 8
    policy, settings = table.policy(3)
    found = study.run_backtest(db, Question(portfolio.id, {"x": policy}, settings)).results[0].metrics
    for name in ("cagr", "sharpe", "cost_drag", "max_drawdown", "tracking_error"):
        assert table.metric(name)[3] == pytest.approx(found[name], rel=1e-9)
    assert table.describe(3) == "±1 pp band, looked at every year, back to target, 10 bps"


def test_windows_and_portfolios_are_axes(db: Database) -> None:
    portfolio = example.open_example(db)
    grid = parse_grid({"base": "annual", "axes": {"framework": [portfolio.id], "start": ["2010-01-31", None]}})
    starts = lab.sweep(db, Question(""), grid)
    assert starts.axis("start") == ["2010-01-31", None]
    assert len(set(starts.metric("cagr").tolist())) == 2
    whole = study.run_backtest(db, Question(portfolio.id, {"annual": starts.policy(1)[0]}, RunSettings())).results[0]
    assert starts.metric("cagr")[1] == pytest.approx(whole.metrics["cagr"], rel=1e-12)


def test_what_is_missing_is_said(db: Database) -> None:
    with pytest.raises(InputError, match="needs a portfolio"):
        lab.sweep(db, Question(""), GRID)
    with pytest.raises(PortfolioNotFoundError):
        lab.sweep(db, Question("pf_none"), GRID)
