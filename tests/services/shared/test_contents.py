"""A tree typed in plain words gets the right kind of product in every bucket, without a rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.engine import copied

from keel import settings
from keel.domain.exchange.templates import instantiate, read_templates
from keel.domain.framework.records import Bucket, Framework
from keel.domain.mapping.screening import tags_of
from keel.domain.market.instrument import Instrument
from keel.services import design, mapping
from keel.services.shared.contents import understood
from keel.sources.embedded.templates import template_files
from keel.store.connection import Database

TEMPLATES = read_templates(template_files(settings.load({}).data_dir / "templates"))
CLIENT = {
    "US equity": ("AssetClass/Equity", {"asset_class:equity", "region:us"}),
    "International": ("AssetClass/Equity", {"asset_class:equity", "region:international"}),
    "Emerging": ("AssetClass/Equity", {"asset_class:equity", "region:emerging"}),
    "Core bonds": ("AssetClass/Bonds", {"asset_class:bonds", "subclass:aggregate"}),
    "Inflation linked": ("AssetClass/Bonds", {"asset_class:bonds", "inflation:linked"}),
    "Gold": ("AssetClass/Alternatives", {"asset_class:alternatives", "what:gold"}),
}
GERMAN_FRENCH_SPANISH = {
    "Aktien USA": {"asset_class:equity", "region:us"},
    "Actions émergentes": {"asset_class:equity", "region:emerging"},
    "Staatsanleihen": {"asset_class:bonds", "issuer:government"},
    "Bonos ligados a la inflación": {"asset_class:bonds", "inflation:linked"},
    "Or": {"what:gold"},
    "Liquidités": {"asset_class:cash"},
    "Immobilien": {"what:real_estate"},
    "Petites capitalisations": {"size:small"},
}


@pytest.fixture(scope="module")
def db(sample_file: Path) -> Iterator[Database]:
    """A database with the sample."""
    opened = copied(sample_file)
    yield opened
    opened.close()


def best(db: Database, framework: Framework) -> dict[str, Instrument]:
    """The product suggested first for each leaf, by its label."""
    return {bucket.label: bucket.suggestions[0].instrument for bucket in mapping.suggest(db, framework)}


def narrower(product: Instrument) -> set[str]:
    return {tag for tag in tags_of(product) if tag.startswith("slice:") and tag != "slice:region"}


@pytest.mark.parametrize("start", ["balanced", "growth", ""])
def test_a_clients_tree_gets_the_right_kind_of_product_in_every_bucket(db: Database, start: str) -> None:
    base = next((instantiate(t) for t in TEMPLATES if t.id == start), Framework("Empty"))
    above = {label: path if start else "AssetClass" for label, (path, _) in CLIENT.items()}
    parts = tuple(Bucket(f"{above[label]}/{label}", label, 0.1) for label in CLIENT)
    products = best(db, replace(base, buckets=(*base.buckets, *parts)))
    for label, (_, kind) in CLIENT.items():
        assert kind <= tags_of(products[label]), label
    assert len({product.id for product in products.values()}) == len(products)
    for label in ("US equity", "International", "Emerging", "Core bonds"):
        assert not narrower(products[label]), label


def test_words_of_four_languages_do_the_same_in_an_empty_framework(db: Database) -> None:
    parts = tuple(Bucket(f"AssetClass/{label}", label, 0.1) for label in GERMAN_FRENCH_SPANISH)
    products = best(db, Framework("Leer", parts))
    for label, kind in GERMAN_FRENCH_SPANISH.items():
        assert kind <= tags_of(products[label]), label


def test_templates_ask_what_their_rules_say() -> None:
    for template in TEMPLATES:
        assert understood(template.framework) == template.framework


def test_a_name_nobody_knows_is_a_question_and_not_any_product(db: Database) -> None:
    framework = Framework("F", (Bucket("AssetClass/Dreams", "Dreams", 1.0),))
    (bucket,) = mapping.suggest(db, framework)
    assert not bucket.suggestions
    assert [gap.code for gap in bucket.gaps] == ["contents_unknown"]
    (issue,) = [i for i in design.check(db, framework) if i.code == "contents_unknown"]
    assert issue.message == 'The name "Dreams" does not say what belongs in it.'


def test_plain_words_leave_no_warning_about_tags(db: Database) -> None:
    parts = (Bucket("AssetClass/US Stocks", "US Stocks", 0.6), Bucket("AssetClass/Gold", "Gold", 0.4))
    assert design.check(db, Framework("Two", parts)) == ()
