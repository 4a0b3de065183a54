"""What is stored is renamed, copied, put away and brought back from Python."""

from __future__ import annotations

import pytest

import keel
from keel.errors import FrameworkNotFoundError


@pytest.mark.usefixtures("here")
def test_a_framework_is_renamed_copied_put_away_and_brought_back() -> None:
    id = keel.adopt_template("balanced", "Mine").id
    keel.rename("framework", id, "Ours")
    copy = keel.duplicate("framework", id)
    assert {f.name for f in keel.list_frameworks()} == {"Ours", "Ours copy"}
    assert keel.archive("framework", copy) == ()
    assert [(one.noun, one.id) for one in keel.archived()] == [("framework", copy)]
    keel.bring_back("framework", copy)
    assert keel.archived() == ()
    with pytest.raises(FrameworkNotFoundError):
        keel.rename("framework", "fw_none", "X")
