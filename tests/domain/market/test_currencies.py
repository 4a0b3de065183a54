"""The currencies in use."""

from __future__ import annotations

import pytest

from keel.domain.market.currencies import CURRENCIES


def test_a_code_is_three_capitals_and_each_is_there_once() -> None:
    assert all(len(code) == 3 and code.isalpha() and code.isupper() for code in CURRENCIES)
    assert {"USD", "EUR", "CHF", "JPY", "GBP"} <= CURRENCIES


@pytest.mark.parametrize("code", ["XAU", "XTS", "XXX", "DEM", "usd", ""])
def test_metals_test_codes_and_old_money_are_not_in_use(code: str) -> None:
    assert code not in CURRENCIES
