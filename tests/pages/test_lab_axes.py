"""The axes of the policy lab: what their box offers, takes, refuses, and shows when it is opened again."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Open, words
from tests.pages.opened import accepted, no_errors, title
from tests.pages.test_policy_lab import done, link, tiles

from keel.domain.study.sweepable import SWEEPABLE, Group
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


FEW = {"widths": "300-600x2", "looks": "annual"}


def opened(at: AppTest) -> AppTest:
    """The page with the box of the axes open."""
    at.session_state["lab-axes-box"] = True
    return at.run()


def test_the_box_offers_every_axis_of_the_table_in_its_group(db: Database, open_page: Open) -> None:
    at = opened(done(open_page("policy_lab", portfolio=accepted(db).id, **FEW)))
    assert no_errors(at)
    assert [tab.label for tab in at.tabs] == [group.value for group in Group]
    for tab, group in zip(at.tabs, Group, strict=True):
        kinds = (tab.text_input, tab.number_input, tab.button_group)
        labels = [control.label for kind in kinds for control in kind]
        for row in SWEEPABLE.values():
            assert any(label.startswith(row.label) for label in labels) is (row.group is group), (row.name, labels)


def test_a_further_axis_multiplies_the_policies_and_stands_in_the_link(db: Database, open_page: Open) -> None:
    at = opened(done(open_page("policy_lab", portfolio=accepted(db).id, **FEW)))
    assert at.text_input(key="lab-axis-annual_fee_bps").value == "0"
    at.text_input(key="lab-axis-annual_fee_bps").set_value("0, 100").run()
    assert title(done(at)).startswith("4 policies")
    assert link(at)["annual_fee_bps"] == "0, 100"
    assert "Advisory fee\\: 0 or 100" in at.main.caption[0].value
    before = tiles(at)
    at.selectbox(key="lab-pick-annual_fee_bps").set_value(1).run()
    assert tiles(at)["Return a year"] != before["Return a year"]
    assert "advisory fee 100 bps" in words(at)
    cold = done(open_page("policy_lab", **link(at)))
    assert tiles(cold) == tiles(at)
    assert title(cold).startswith("4 policies")
    at.text_input(key="lab-axis-annual_fee_bps").set_value("").run()
    assert title(done(at)).startswith("2 policies")
    assert "annual_fee_bps" not in link(at)


def test_a_value_that_is_none_is_said_beside_its_field_and_changes_nothing(db: Database, open_page: Open) -> None:
    at = opened(done(open_page("policy_lab", portfolio=accepted(db).id, **FEW)))
    at.text_input(key="lab-axis-tranches").set_value("1, many").run()
    assert "Tranches: 'many' is not a number." in words(at)
    assert title(done(at)).startswith("2 policies")
    assert not at.exception


def test_the_usual_axes_win_over_a_change_that_comes_with_them(db: Database, open_page: Open) -> None:
    at = opened(done(open_page("policy_lab", portfolio=accepted(db).id, widths="300-600x2", looks="1-5")))
    at.segmented_control(key="lab-axis-band").set_value("relative")
    at.segmented_control(key="lab-axis-mode").set_value("Named")
    at.text_input(key="lab-axis-fixed_fee").set_value("0, 5")
    at.button(key="lab-usual").click().run()
    assert no_errors(done(at)), words(at)
    assert title(at).startswith("114 policies")
    assert "Absolute bands" in at.main.caption[0].value
