from __future__ import annotations

from keel.domain.framework.rules import Rules
from keel.domain.mapping.matching import BucketSuggestions
from keel.ui.mapping.rules import turned_away

US = BucketSuggestions(
    "A/US", "US", 0.5, 3, {}, {}, (), (), (), Rules(include_tags=("asset_class:equity", "region:us"))
)


def test_what_a_rule_turned_away_is_said_as_what_it_is() -> None:
    assert turned_away("include_tags", 148, US) == "148 are not US shares"
    assert turned_away("leveraged", 1, US) == "1 is leveraged"
    assert turned_away("max_expense_ratio", 2, US) == "2 cost too much"
    assert turned_away("max_expense_ratio", 1, US) == "1 costs too much"
    assert turned_away("min_adv_usd", 1, US) == "1 trades too little"
