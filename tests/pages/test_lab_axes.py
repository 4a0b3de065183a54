"""The axes of the policy lab: what their box shows when it is opened again."""

from __future__ import annotations

from tests.pages.conftest import Open
from tests.pages.opened import accepted
from tests.pages.test_policy_lab import done

from keel.store.connection import Database


def test_an_edit_of_the_axes_is_still_there_when_the_box_is_opened_again(db: Database, open_page: Open) -> None:
    at = done(open_page("policy_lab", portfolio=accepted(db).id))
    at.session_state["lab-axes-box"] = True
    at.run()
    at.number_input(key="lab-axis-low").set_value(2.5).run()
    at.session_state["lab-axes-box"] = False
    done(at.run())
    at.session_state["lab-axes-box"] = True
    at.run()
    assert at.number_input(key="lab-axis-low").value == 2.5
    assert at.number_input(key="lab-axis-low").proto.set_value
