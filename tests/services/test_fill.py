"""A bucket filled from stored prices: by plain methods here, the others are held to their forms elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.patience import PATIENCE

from keel.domain.framework.records import Bucket, Constraint, Framework
from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.split import Method
from keel.errors import HistoryTooShortError, InputError, InstrumentNotFoundError, PricesMissingError
from keel.services.fill import Asked, ask_fill, available, fill, fill_bucket
from keel.services.shared import jobs
from keel.store import frameworks
from keel.store.connection import Database

HALF = Framework("Half", (Bucket("A/Stocks", "Stocks", 0.5), Bucket("A/Bonds", "Bonds", 0.5)))
DAYS = np.busday_offset("2020-01-01", np.arange(60), roll="forward")
WALK = np.exp(np.cumsum(np.random.default_rng(3).normal(0, [0.01, 0.02], (60, 2)), axis=0))
TWO = PriceMatrix(DAYS, ("A", "B"), WALK)


def test_a_split_of_given_prices_has_shares_risks_and_its_window() -> None:
    found = fill(TWO, Asked(Method.inverse_volatility, ("A", "B")))
    returns = WALK[1:] / WALK[:-1] - 1
    calm = 1 / returns.std(axis=0, ddof=1)
    assert [part.share for part in found.parts] == pytest.approx((calm / calm.sum()).tolist())
    assert sum(part.risk for part in found.parts) == pytest.approx(1.0)
    assert (found.sessions, found.frequency, found.first.isoformat()) == (60, "daily", "2020-01-01")
    bounded = fill(TWO, Asked(Method.equal, ("A", "B"), {"A": (0.0, 0.2)}))
    assert [part.share for part in bounded.parts] == pytest.approx([0.2, 0.8])
    assert "Within: A 0.0% to 20.0%." in " ".join(bounded.reasons).replace("\u00a0", " ")


def test_what_cannot_be_split_is_said(db: Database) -> None:
    with pytest.raises(HistoryTooShortError, match="24 returns; the products share 19"):
        fill(replace(TWO, dates=DAYS[:20], closes=WALK[:20]), Asked(Method.equal, ("A", "B")))
    with pytest.raises(InputError, match="B never moved"):
        fill(replace(TWO, closes=np.column_stack([WALK[:, 0], np.ones(60)])), Asked(Method.equal, ("A", "B")))
    with pytest.raises(PricesMissingError):
        fill(TWO, Asked(Method.equal, ("A", "C")))
    with pytest.raises(InputError, match="A/Gold is no bucket"):
        fill_bucket(db, HALF, Asked(Method.equal, ("SPY",), {}, "A/Gold"))
    with pytest.raises(InstrumentNotFoundError, match="NOBODY"):
        fill_bucket(db, HALF, Asked(Method.equal, ("NOBODY",), {}, "A/Bonds"))
    for symbols in ((), ("SPY", "SPY")):
        with pytest.raises(InputError, match="each once"):
            fill_bucket(db, HALF, Asked(Method.equal, symbols, {}, "A/Bonds"))


def test_the_frameworks_limits_bind(db: Database) -> None:
    limited = replace(HALF, constraints=(Constraint("max_single_product", 20),))
    asked = Asked(Method.inverse_volatility, ("SPY", "EFA", "EEM"), {}, "A/Stocks")
    free, bound = fill_bucket(db, HALF, asked), fill_bucket(db, limited, asked)
    assert max(part.share for part in free.parts) > 0.4
    assert max(part.share for part in bound.parts) == pytest.approx(0.4)
    assert "limits leave a product 40.0%" in " ".join(bound.reasons).replace("\u00a0", " ")
    with pytest.raises(InputError, match=r"80\.0. of the bucket at most"):
        fill_bucket(db, limited, replace(asked, symbols=("SPY", "EFA")))


def test_a_limit_on_the_fee_binds_or_is_a_finding(db: Database) -> None:
    asked = Asked(Method.equal, ("SPY", "EEM"), {}, "A/Stocks")
    fees = {"SPY": 0.000945, "EEM": 0.0072}
    limited = replace(HALF, constraints=(Constraint("max_expense_ratio", 0.1),))
    bound = fill_bucket(db, limited, asked)
    assert sum(part.share * fees[part.symbol] for part in bound.parts) == pytest.approx(0.002, abs=1e-6)
    assert bound.findings == ()
    unmet = fill_bucket(db, limited, replace(asked, bounds={"EEM": (0.4, 1.0)}))
    assert [part.share for part in unmet.parts] == pytest.approx([0.5, 0.5])
    assert [finding.subject for finding in unmet.findings] == ["max_expense_ratio"]


def test_it_runs_as_a_job_and_the_same_once_more_is_that_job(db: Database) -> None:
    saved = frameworks.save_version(db, HALF)
    asked = Asked(Method.equal, ("SPY", "EFA"), {"SPY": (0.0, 0.3)}, "A/Stocks")
    assert available(asked.method)
    job = ask_fill(db, saved, asked)
    assert job.finished(PATIENCE)
    assert job.answer is not None, job.error
    assert [part.share for part in job.answer.parts] == pytest.approx([0.3, 0.7])
    assert ask_fill(db, saved, asked) is job
    row = jobs.get(db, job.row.id)
    assert row.result is not None
    assert row.result["method"] == "equal"
