"""What narrows the universe, in words."""

from __future__ import annotations

from keel.domain.framework.rules import Rules
from keel.domain.portfolio.score_weights import USUAL
from keel.ui.mapping.asking import in_percent, in_words


def test_each_filter_has_its_words() -> None:
    every = Rules(
        include_tags=("esg",),
        exclude_tags=("region:us",),
        min_aum_usd=1e8,
        min_history_years=3.0,
        currencies=("USD", "EUR"),
        exclude_symbols=("SPY",),
    )
    assert in_words(every) == (
        "esg, not region:us, at least $100 million in size, at least 3.0 years of history, in USD or EUR, without SPY"
    )
    assert in_words(Rules()) == ""
    assert in_percent(USUAL) == "cost 30%, liquidity 20%, history 20%, fit 20%, size 10%"
