"""The policy statement says what the framework says."""

from __future__ import annotations

from dataclasses import replace

from tests.pack.materials import FRAMEWORK, material

from keel.domain.policy.presets import PRESETS
from keel.pack.paper.document import Facts, Table, Text
from keel.pack.sections.policy import costs, in_short, policy_section, products_fee


def tables(section) -> list[Table]:
    return [block for block in section.blocks if isinstance(block, Table)]


def test_targets_bands_and_bounds_stand_in_one_table() -> None:
    table = tables(policy_section(material()))[0]
    assert table.columns == ("Bucket", "Target", "Least", "Most", "Band")
    assert [row.cells[:4] for row in table.rows][:2] == [
        ("Equity", "60.0%", "50.0%", "70.0%"),
        ("US equity", "40.0%", "–", "–"),
    ]
    assert [row.depth for row in table.rows] == [0, 1, 1, 0, 0]
    assert table.rows[1].cells[4] == "±5.0\xa0pp"
    assert table.rows[-1].cells[:2] == ("Whole", "100.0%")


def test_without_bands_there_is_no_column_of_them() -> None:
    yearly = material(framework=replace(FRAMEWORK, rebalancing=PRESETS["annual"]))
    assert "Band" not in tables(policy_section(yearly))[0].columns


def test_policy_costs_and_limits_are_in_words() -> None:
    section = policy_section(material())
    said = [block.text for block in section.blocks if isinstance(block, Text)]
    assert said[0] == FRAMEWORK.description
    assert any(text.startswith("5/25 band. 5/25 band, looked at every session") for text in said)
    assert dict(costs(material()))["Cost"] == "10\xa0bps of traded value, each side"
    assert tables(section)[-1].rows[0].cells == ("Bonds must be at least 30.0%; now 40.0%.", "met")


def test_a_cost_that_is_not_known_is_missing_not_nothing() -> None:
    assert products_fee(material()) is None
    assert ("Products' own costs", "–") in costs(material())


def test_in_short_names_the_version() -> None:
    facts = in_short(material())
    assert isinstance(facts, Facts)
    assert ("Framework", "Calm sea, version 3") in facts.rows
