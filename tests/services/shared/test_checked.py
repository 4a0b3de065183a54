"""Issues that need to know the products there are."""

from __future__ import annotations

from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules
from keel.services.shared.checked import checked
from keel.store.connection import Database


def test_a_tag_that_no_product_carries_is_found(db: Database) -> None:
    framework = Framework("X", (Bucket("A/Dreams", "Dreams", 1.0, rules=Rules(include_tags=("dreams",))),))
    assert {finding.code for finding in checked(db, framework)} >= {"unknown_tag"}
