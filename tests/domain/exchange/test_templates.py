"""The templates: as promised, valid, and each asking for products of its kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from keel.domain.exchange.templates import find_template, instantiate, read_templates
from keel.domain.framework.tree import effective_rules
from keel.domain.framework.validation import check
from keel.domain.issue import errors
from keel.errors import ImportFormatError, TemplateNotFoundError

FOLDER = Path(__file__).resolve().parents[3] / "data" / "templates"
FILES = {path.name: path.read_bytes() for path in FOLDER.glob("*.toml")}
PROMISED = {
    "conservative": (
        "low",
        [("AssetClass/Bonds", 0.6), ("AssetClass/Equity", 0.35), ("AssetClass/Alternatives", 0.05)],
    ),
    "balanced": ("medium", [("AssetClass/Equity", 0.6), ("AssetClass/Bonds", 0.35), ("AssetClass/Alternatives", 0.05)]),
    "growth": ("high", [("AssetClass/Equity", 0.8), ("AssetClass/Bonds", 0.15), ("AssetClass/Alternatives", 0.05)]),
    "core_satellite": ("medium", [("Sleeve/Core", 0.7), ("Sleeve/Satellite", 0.2), ("Sleeve/Hedge", 0.1)]),
    "geographic": ("high", [("Region/US", 0.5), ("Region/International", 0.3), ("Region/Emerging", 0.2)]),
    "sector_risk_band": ("high", [("Sector/Defensive", 0.3), ("Sector/Cyclical", 0.4), ("Sector/Growth", 0.3)]),
    "factor": (
        "high",
        [("Factor/Value", 0.25), ("Factor/Momentum", 0.25), ("Factor/Quality", 0.25), ("Factor/MinVol", 0.25)],
    ),
    "custom": ("", []),
}


def test_the_templates_are_those_promised_in_their_order() -> None:
    found = read_templates(FILES)
    assert [t.id for t in found] == list(PROMISED)
    for template in found:
        risk, buckets = PROMISED[template.id]
        assert template.risk_band == template.framework.risk_band == risk
        assert sorted((b.path, b.target_weight) for b in template.framework.buckets) == sorted(buckets)


def test_every_template_is_valid_says_what_it_is_for_and_colours_its_buckets() -> None:
    for template in read_templates(FILES):
        assert errors(check(template.framework)) == ()
        assert template.purpose.endswith(".")
        assert set(template.slots) == {b.path for b in template.framework.buckets}


def test_every_bucket_asks_for_its_kind_and_keeps_geared_products_out() -> None:
    for template in read_templates(FILES):
        for bucket in template.framework.buckets:
            rules = effective_rules(template.framework, bucket.path)
            assert set(rules.exclude_tags) == {"leveraged", "inverse"}
            assert rules.allowed_types == ("ETF",)
            if template.id in {"geographic", "sector_risk_band", "factor"}:
                assert "asset_class:equity" in rules.include_tags
    geographic = find_template(read_templates(FILES), "geographic").framework
    assert "region:us" in effective_rules(geographic, "Region/US").include_tags


def test_a_template_makes_a_framework_under_a_name_of_its_own_or_ours() -> None:
    balanced = find_template(read_templates(FILES), "balanced")
    assert instantiate(balanced).name == "Balanced"
    made = instantiate(balanced, "  My  mix ")
    assert (made.name, made.method, made.id, made.version) == ("My mix", "template", "", 0)


def test_an_unknown_template_names_those_there_are() -> None:
    with pytest.raises(TemplateNotFoundError) as caught:
        find_template(read_templates(FILES), "agressive")
    assert "conservative, balanced" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id = ", "bad.toml: not valid TOML"),
        ('id = "x"\nname = 5', "bad.toml, field name: must be text"),
        ('id="x"\nname="X"\npurpose=""\nrisk_band=""\nbuckets=[{path="A/B",target_weight=0.9}]', "make 90.0%"),
        ('id="x"\nname="X"\npurpose=""\nrisk_band=""\nrebalancing="often"', "field rebalancing"),
        ('id="x"\nname="X"\nbuckets=[{path="A/B",target_weight=1,rules={colour=1}}]', '"colour" is not known'),
    ],
)
def test_a_broken_template_file_is_named(text: str, words: str) -> None:
    with pytest.raises(ImportFormatError, match=r"bad\.toml") as caught:
        read_templates({"bad.toml": text.encode()})
    assert words in caught.value.message
