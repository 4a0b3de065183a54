"""Stored portfolios from Python: made, listed, judged, and what they hold set."""

from __future__ import annotations

import pandas as pd
import pytest

import keel
from keel.errors import ImportFormatError


@pytest.mark.usefixtures("here")
def test_a_portfolio_is_made_listed_and_read() -> None:
    framework = keel.adopt_template("balanced")
    made = keel.create_portfolio(framework.id, name="Hers")
    assert [(p.id, p.name) for p in keel.list_portfolios(framework.id)] == [(made.id, "Hers")]
    assert keel.get_portfolio(made.id) == made
    by_path = {pick.path: [pick] for pick in made.picks}
    assert [p.symbol for p in keel.create_portfolio(framework.id, by_path).picks] == [p.symbol for p in made.picks]


@pytest.mark.usefixtures("here")
def test_what_a_portfolio_holds_is_set_from_a_frame_and_values_are_judged() -> None:
    made = keel.create_portfolio(keel.adopt_template("balanced").id)
    symbols = [pick.symbol for pick in made.picks][:2]
    frame = pd.DataFrame({"symbol": symbols, "quantity": [3, 4], "price": [10.0, None], "account": ["IRA", "IRA"]})
    keel.set_holdings(made.id, frame)
    held = keel.holdings(made.id)
    assert set(held["account"]) == {"IRA"}
    assert dict(zip(held["symbol"], held["quantity"], strict=True)) == dict(zip(symbols, (3, 4), strict=True))
    keel.set_holdings(made.id, [{"symbol": symbols[0], "quantity": 1}])
    assert keel.holdings(made.id)["symbol"].tolist() == symbols[:1]
    lived = keel.drift_history(made.id)
    assert lived.empty or lived["value"].gt(0).all()
    with pytest.raises(ImportFormatError, match="quantity"):
        keel.set_holdings(made.id, [{"symbol": "VTI"}])
    assert keel.judge_values(made.id, dict.fromkeys(symbols, 100.0)) == keel.judge_values(
        made.id, dict.fromkeys(symbols, 5.0)
    )
