"""What is asked of a plan, as JSON says it."""

from __future__ import annotations

from typing import Any

import pytest

from keel.domain.plan.ask import Ask, ask_json, parse_accounts, parse_ask, parse_rule, parse_tax, require_ask
from keel.domain.plan.deposits.rules import Rule
from keel.domain.plan.location import USUAL
from keel.domain.portfolio.account import AccountKind
from keel.domain.reading.place import Place
from keel.errors import InputError

HERE = Place("body")


def test_every_field_is_read() -> None:
    found = parse_ask(
        {
            "deposit": "500",
            "rule": "absolute_waterfill",
            "account": "IRA",
            "money_held": False,
            "whole_shares": "yes",
            "min_trade": 10,
            "max_turnover": "10%",
            "gain_budget": 0,
            "max_trades": 3,
            "tax": {"long_days": 180},
            "location": {"equity": {"taxable": 2}, "cash": {"exempt": 1}},
            "edits": [{"account": "IRA", "symbol": "VTI", "quantity": -2}],
            "lots": [{"account": "IRA", "symbol": "VTI", "lots": [1, 0]}],
        },
        HERE,
    )
    limits = found.limits
    assert (found.kind, found.deposit, found.rule, found.account) == ("deposit", 500.0, Rule.absolute_waterfill, "IRA")
    assert (found.money_held, limits.whole_shares, limits.min_trade) == (False, True, 10.0)
    assert (limits.max_turnover, limits.gain_budget, limits.max_trades) == (0.1, 0.0, 3)
    assert (found.tax.long_days, found.tax.short_rate) == (180, 0.35)
    assert found.location["equity"] == {"taxable": 2, "exempt": 0, "deferred": 1}
    assert found.location["cash"] == {"taxable": 0, "exempt": 1, "deferred": 0}
    assert found.location["bonds"] == USUAL["bonds"]
    assert parse_ask(ask_json(found), HERE) == found
    assert (limits.edits, found.picked) == ({("IRA", "VTI"): -2.0}, {("IRA", "VTI"): (1, 0)})
    assert (parse_ask({}, HERE).kind, parse_ask({"withdraw": 1}, HERE).kind) == ("trades", "withdrawal")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sell": 1}, "sell"),
        ({"deposit": -1}, "deposit"),
        ({"deposit": 1, "withdraw": 1}, "not both"),
        ({"rule": "best"}, "best"),
        ({"max_trades": 1.5}, "whole number"),
        ({"max_turnover": -1}, "max_turnover"),
        ({"tax": {"short_rate": 35}}, "short_rate"),
        ({"tax": {"long_days": -1}}, "long_days"),
        ({"edits": {}}, "list"),
        ({"edits": [{"symbol": "VTI"}]}, "account"),
        ({"whole_shares": "perhaps"}, "whole_shares"),
        ({"location": {"stamps": {}}}, "stamps"),
        ({"location": {"bonds": {"offshore": 1}}}, "offshore"),
        ({"location": {"bonds": {"taxable": 10}}}, "whole number"),
    ],
)
def test_what_cannot_be_used_is_named(given: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_ask(given, HERE)


def test_accounts_tax_and_rules_have_usual_values() -> None:
    assert parse_accounts({"T": {}}, HERE)[0].kind is AccountKind.taxable
    assert parse_rule(None, HERE) is Rule.relative_waterfill
    assert parse_tax({}, HERE).long_rate == 0.15
    assert require_ask(Ask()).kind == "trades"
    with pytest.raises(InputError, match="offshore"):
        parse_accounts({"T": {"kind": "offshore"}}, HERE)
