"""A framework held to a profile."""

from __future__ import annotations

from tests.domain.profile.answered import answered

from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules
from keel.domain.profile.record import Wishes, assessed
from keel.domain.proposal.judging import equity_share, judged

MIX = Framework(
    "Mix",
    (
        Bucket("AssetClass/Equity", "Equity", 0.6),
        Bucket("AssetClass/Gold", "Gold", 0.4, rules=Rules(include_tags=("asset_class:alternatives", "what:gold"))),
    ),
)


def test_equity_and_what_nobody_knows_count_as_equity() -> None:
    assert equity_share(MIX) == 0.6
    assert equity_share(Framework("X", (Bucket("A/Dreams", "Dreams", 1.0),))) == 1.0


def test_what_is_borne_passes_and_what_is_excluded_does_not() -> None:
    assert list(judged(MIX, assessed("Ann", answered(2)))) == []
    no_gold = assessed("Ann", answered(1), Wishes(exclude=("what:gold",)))
    assert [(f.code, f.message) for f in judged(MIX, no_gold)] == [
        ("more_equity_than_borne", "Equity is 60.0%: 35% goes with 5 of 17 points."),
        ("excluded_content", "Gold asks for Gold, which is excluded."),
    ]
