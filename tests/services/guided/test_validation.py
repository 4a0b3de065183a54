"""What is wrong with a framework stops the step before products count."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.framework.records import Framework
from keel.errors import InvalidFrameworkError
from keel.services.guided.validation import STEPS
from keel.store import frameworks
from keel.store.connection import Database


def test_a_framework_with_errors_is_refused(db: Database) -> None:
    wrong = Framework("Wrong", base_ccy="XXX")
    saved = frameworks.save_version(db, wrong)
    known = {"framework_id": saved.id, "framework_version": 1, "picks": []}
    with pytest.raises(InvalidFrameworkError):
        STEPS["validation"](db, known, date(2026, 1, 5))
