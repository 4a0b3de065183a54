"""The files of the workflows are there."""

from __future__ import annotations

from keel import settings
from keel.sources.embedded.workflows import workflow_files


def test_the_files_are_found_by_name() -> None:
    assert list(workflow_files(settings.load({}).data_dir / "workflows")) == [
        "portfolio_creation.json",
        "yearly_review.json",
    ]
