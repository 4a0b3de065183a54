"""The allocation page: cold, happy, typed into, in conflict, and with a framework that is not there."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Open, send, send_all, words
from tests.pages.opened import accepted
from tests.pages.tree import EQUITY, write

from keel.domain.framework.contents import in_short
from keel.domain.framework.records import Constraint, Framework
from keel.domain.policy.kinds import KINDS, Absolute
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Policy
from keel.services import design, policies
from keel.services.shared.contents import understood
from keel.services.work import drafts
from keel.store.connection import Database
from keel.ui.allocation.state import TREE


def test_opened_cold_it_says_what_it_needs_and_leads_there(open_page: Open) -> None:
    page = open_page("allocation")
    assert page.title[0].value == "Allocation is not open yet"
    page.button(key="way-on").click().run()
    assert page.title[0].value == "Choose a starting point"


def test_a_link_without_version_opens_the_latest_and_names_it(open_page: Open, balanced: Framework) -> None:
    page = open_page("allocation", framework=balanced.id)
    assert page.title[0].value == "Balanced"
    assert page.query_params["version"] == "1"
    assert ":green[:material/check_circle: 100% placed]" in words(page)
    assert page.button(key="save").disabled
    assert page.button(key="to-mapping").proto.type == "primary"


def test_a_missing_percent_is_said_and_filled_by_one_click(open_page: Open, balanced: Framework) -> None:
    page = write(open_page("allocation", framework=balanced.id), EQUITY, "target_weight", "58")
    assert "98.0% placed, 2.0% to go" in words(page)
    assert page.button(key="save").disabled
    fix = next(b for b in page.button if b.label.startswith("Add 2.0% to"))
    fix.click().run()
    assert "100% placed" in words(page)


def test_saving_writes_the_next_version_and_the_link_follows(
    open_page: Open, balanced: Framework, db: Database
) -> None:
    page = write(open_page("allocation", framework=balanced.id), EQUITY, "target_weight", "55")
    page = write(page, "AssetClass/Bonds", "target_weight", "40")
    page.button(key="save").click().run()
    assert page.query_params["version"] == "2"
    assert [b.target_weight for b in design.get_framework(db, balanced.id).buckets] == [0.55, 0.4, 0.05]
    assert [b.target_weight for b in design.get_framework(db, balanced.id, 1).buckets] == [0.6, 0.35, 0.05]


def test_undo_and_redo_walk_through_the_edits(open_page: Open, balanced: Framework) -> None:
    page = write(open_page("allocation", framework=balanced.id), EQUITY, "target_weight", "58")
    page.button(key="undo").click().run()
    assert "100% placed" in words(page)
    page.button(key="redo").click().run()
    assert "98.0% placed" in words(page)


def test_of_edits_sent_while_a_page_is_drawn_each_is_made_once(open_page: Open, balanced: Framework) -> None:
    page = open_page("allocation", framework=balanced.id)
    away, undo, more = (
        {"type": "remove", "path": EQUITY, "number": 1},
        {"type": "undo", "number": 2},
        {"type": "write", "path": EQUITY, "field": "target_weight", "text": "58", "number": 3},
    )
    page = send_all(page, TREE, [away, undo])
    assert "100% placed" in words(page)
    page = send_all(page, TREE, [undo, more])
    assert "98.0% placed" in words(page)
    page.button(key="undo").click().run()
    assert "100% placed" in words(page)


def test_what_is_no_number_is_refused_in_a_sentence(open_page: Open, balanced: Framework) -> None:
    page = write(open_page("allocation", framework=balanced.id), EQUITY, "target_weight", "sixty")
    assert "“sixty” is not a percentage" in page.error[0].value
    assert "100% placed" in words(page)


def test_buckets_are_added_renamed_moved_and_removed(open_page: Open, balanced: Framework, db: Database) -> None:
    page = write(open_page("allocation", framework=balanced.id), EQUITY, "label", "Stocks & shares")
    page = send(page, TREE, {"type": "move", "path": "AssetClass/Bonds", "above": "", "position": 0})
    page = send(page, TREE, {"type": "remove", "path": "AssetClass/Alternatives"})
    page = write(page, EQUITY, "target_weight", "65")
    page.button(key="save").click().run()
    saved = design.get_framework(db, balanced.id)
    assert [(b.label, b.target_weight) for b in saved.buckets] == [("Bonds", 0.35), ("Stocks & shares", 0.65)]


def test_a_share_of_the_parent_is_stored_as_a_share_of_the_whole(open_page: Open, db: Database) -> None:
    made = design.create_empty(db, "Nested")
    page = open_page("allocation", framework=made.id)
    assert "There are no buckets yet" in words(page)


def test_someone_elses_save_is_shown_and_can_be_followed(open_page: Open, balanced: Framework, db: Database) -> None:
    page = write(open_page("allocation", framework=balanced.id), EQUITY, "min_weight", "50")
    design.revise(db, balanced.id, 1, replace(balanced, description="theirs"))
    page.button(key="save").click().run()
    assert "Someone saved version 2" in words(page)
    page.button(key="save-anyway").click().run()
    assert page.query_params["version"] == "3"
    assert design.get_framework(db, balanced.id).buckets[0].min_weight == 0.5


def test_a_preset_policy_is_chosen_and_described(open_page: Open, balanced: Framework) -> None:
    page = open_page("allocation", framework=balanced.id)
    policy = next(s for s in page.selectbox if s.label == "Rebalancing policy")
    policy.set_value("five_twenty_five").run()
    assert "5/25 band, looked at every session, back to target." in words(page)


def test_a_policy_kept_under_a_name_is_given_to_a_framework(db: Database, open_page: Open, balanced: Framework) -> None:
    kept = policies.save(db, "House", Policy(offset=3))
    page = open_page("allocation", framework=balanced.id)
    chosen = next(s for s in page.selectbox if s.label == "Rebalancing policy")
    assert "House" in chosen.options
    chosen.set_value(kept.id).run()
    page.button(key="save").click().run()
    assert design.get_framework(db, balanced.id).rebalancing == kept.policy


def test_the_products_of_a_bucket_start_from_what_fills_it_and_stay_untouched(db: Database, open_page: Open) -> None:
    held = accepted(db)
    page = open_page("allocation", framework=held.framework_id, portfolio=held.id)
    page = send(page, TREE, {"type": "open", "path": EQUITY})
    table = next(frame.value for frame in page.data_editor if "Share, %" in frame.value)
    assert table["Share, %"].tolist() == [100.0]
    page.button(key="apply-bucket").click().run()
    assert not page.exception
    assert page.button(key="save").disabled


def test_a_band_that_the_policy_never_looks_at_is_said(open_page: Open, balanced: Framework, db: Database) -> None:
    first, *others = balanced.buckets
    banded = replace(balanced, buckets=(replace(first, band=Absolute(1200)), *others), rebalancing=PRESETS["annual"])
    design.revise(db, balanced.id, 1, banded)
    page = open_page("allocation", framework=balanced.id)
    said = f"This policy does not trade by bands: the own band of {first.label} will not be used."
    assert said in words(page)
    next(s for s in page.selectbox if s.label == "Rebalancing policy").set_value("five_twenty_five").run()
    assert said not in words(page)


def test_the_details_of_a_bucket_change_its_rules(open_page: Open, balanced: Framework, db: Database) -> None:
    page = send(open_page("allocation", framework=balanced.id), TREE, {"type": "open", "path": EQUITY})
    next(m for m in page.multiselect if m.label == "Types").set_value(["ETF", "Fund"])
    page.button(key="apply-bucket").click().run()
    page.button(key="save").click().run()
    assert design.get_framework(db, balanced.id).buckets[0].rules.allowed_types == ("ETF", "Fund")


def test_the_plain_table_edits_the_same_tree(open_page: Open, balanced: Framework) -> None:
    page = open_page("allocation", framework=balanced.id)
    page.session_state["allocation-more"] = True
    page.run().toggle(key="allocation-table").set_value(True).run()
    assert len(page.data_editor) == 1
    assert not page.exception


def test_an_older_version_says_so_and_saves_after_the_newest(
    open_page: Open, balanced: Framework, db: Database
) -> None:
    design.revise(db, balanced.id, 1, replace(balanced, description="second"))
    page = open_page("allocation", framework=balanced.id, version=1)
    assert "Version 1 of 2, an older one" in words(page)
    page = write(page, EQUITY, "max_weight", "70")
    page.button(key="save").click().run()
    assert page.query_params["version"] == "3"


def test_an_error_of_the_whole_is_headed_by_words_of_the_page(open_page: Open, balanced: Framework) -> None:
    page = write(open_page("allocation", framework=balanced.id), EQUITY, "target_weight", "58")
    assert "**Top level**" in words(page)
    assert "AssetClass" not in words(page)


def test_a_warning_about_nothing_in_particular_has_no_empty_heading(open_page: Open, db: Database) -> None:
    page = open_page("allocation", framework=design.create_empty(db, "Empty").id)
    assert "There are no buckets yet." in words(page)
    assert "****" not in words(page)


@pytest.mark.parametrize("text", ["150", "-5"])
def test_a_weight_beyond_the_whole_is_refused_in_percent(open_page: Open, balanced: Framework, text: str) -> None:
    page = write(open_page("allocation", framework=balanced.id), EQUITY, "target_weight", text)
    assert "is no weight. Write a number from 0 to 100." in page.error[0].value
    assert "0.015" not in words(page)
    assert "100% placed" in words(page)


def test_a_tag_that_no_product_carries_is_warned_of_while_editing(open_page: Open, balanced: Framework) -> None:
    page = send(open_page("allocation", framework=balanced.id), TREE, {"type": "open", "path": EQUITY})
    next(m for m in page.multiselect if m.label == "Must be").set_value(["sector:moon"])
    page.button(key="apply-bucket").click().run()
    assert "sector:moon" in words(page)
    assert ":orange-badge" in words(page)


def test_a_name_that_is_too_long_is_refused_as_such(open_page: Open, balanced: Framework) -> None:
    page = open_page("allocation", framework=balanced.id)
    next(t for t in page.text_input if t.label == "Name").set_value("n" * 300)
    next(b for b in page.button if b.label == "Add").click().run()
    assert "The name has 300 characters; 80 are the most." in page.error[0].value
    page = write(page, EQUITY, "label", "n" * 300)
    assert "The name has 300 characters" in page.error[0].value


def test_a_refused_bucket_is_said_in_the_form_and_part_of_stays(open_page: Open, balanced: Framework) -> None:
    page = open_page("allocation", framework=balanced.id)
    page.selectbox(key="new-above").set_value(EQUITY)
    next(b for b in page.button if b.label == "Add").click().run()
    assert "A bucket needs a name" in page.error[0].value
    assert page.selectbox(key="new-above").value == EQUITY
    page.text_input(key="new-label").set_value("US")
    page.text_input(key="new-weight").set_value("40")
    next(b for b in page.button if b.label == "Add").click().run()
    assert not page.error
    assert (page.selectbox(key="new-above").value, page.text_input(key="new-label").value) == (EQUITY, "")
    assert "Keep the other 20.0% of Equity as a part" in [b.label for b in page.button]


def test_moving_into_a_leaf_offers_to_keep_its_rest_as_a_part(
    open_page: Open, balanced: Framework, db: Database
) -> None:
    cash = balanced.buckets[2].path
    page = send(
        open_page("allocation", framework=balanced.id),
        TREE,
        {"type": "move", "path": cash, "above": "AssetClass/Bonds", "position": 0},
    )
    assert "100% placed" not in words(page)
    page.button(key="rest-AssetClass/Bonds").click().run()
    buckets = {
        b.label: round(b.target_weight, 9)
        for b in page.session_state[page.session_state["allocation-basis"]].now.buckets
    }
    assert (buckets["Bonds"], buckets["Other Bonds"]) == (0.35, 0.3)


def test_a_framework_that_is_not_there_leads_back_to_the_start(open_page: Open) -> None:
    page = open_page("allocation", framework="nothing")
    assert page.title[0].value == "This cannot be shown"
    assert [link.proto.label for link in page.main.get("page_link")] == ["Back to the start"]
    assert not page.exception


def test_every_kind_of_band_can_be_given_to_the_policy() -> None:
    def draw() -> None:
        import streamlit as st

        from keel.domain.policy.as_json import band_json
        from keel.domain.policy.kinds import KINDS
        from keel.ui.allocation.band_input import band_input

        for name, kind in KINDS.items():
            st.json(band_json(band_input(kind.build(), key=name) or kind.build()))

    page = AppTest.from_function(draw).run()
    assert [json.loads(shown.value)["kind"] for shown in page.json] == list(KINDS)


def test_the_day_of_the_look_and_the_tranches_of_a_policy_can_be_set() -> None:
    def draw() -> None:
        import streamlit as st

        from keel.domain.policy.as_json import policy_json
        from keel.domain.policy.presets import PRESETS
        from keel.ui.allocation.policy_details import policy_input

        st.json(policy_json(policy_input(PRESETS["quarterly"])))

    page = AppTest.from_function(draw).run()
    for label, value in (("Sessions after the look", 5), ("Tranches", 4)):
        next(box for box in page.number_input if box.label == label).set_value(value)
    shown = json.loads(page.run().json[0].value)
    assert (shown["offset"], shown["tranches"], shown["look"]) == (5, 4, "quarterly")


def test_name_and_details_are_edited_and_saved_with_the_next_version(
    open_page: Open, balanced: Framework, db: Database
) -> None:
    page = open_more(open_page("allocation", framework=balanced.id))
    button(page, "Name and details").click().run()
    boxes = {box.label: box for box in (*page.text_input, *page.text_area, *page.selectbox)}
    boxes["Name"].set_value("For retirement")
    boxes["Description"].set_value("Calm")
    boxes["Base currency"].set_value("EUR")
    boxes["Benchmark"].set_value("SPY")
    boxes["Risk band"].set_value("low")
    button(page, "Apply").click().run()
    assert page.title[0].value == "For retirement"
    page.button(key="save").click().run()
    saved = design.get_framework(db, balanced.id, 2)
    said = (saved.name, saved.description, saved.base_ccy, saved.benchmark, saved.risk_band)
    assert said == ("For retirement", "Calm", "EUR", "SPY", "low")


def test_archiving_asks_first_names_the_users_and_is_undone_on_the_start_page(open_page: Open, db: Database) -> None:
    portfolio = accepted(db)
    page = open_more(open_page("allocation", framework=portfolio.framework_id))
    button(page, "Archive…").click().run()
    assert "1 portfolio uses it and keeps working: Balanced." in words(page)
    assert [f.id for f in design.list_frameworks(db)] == [portfolio.framework_id]
    page.button(key="archive-framework").click().run()
    assert design.list_frameworks(db) == ()


def test_an_old_version_is_saved_as_the_newest_after_its_diff(
    open_page: Open, balanced: Framework, db: Database
) -> None:
    design.revise(db, balanced.id, 1, replace(balanced, name="Bolder"))
    page = open_more(open_page("allocation", framework=balanced.id))
    button(page, "Versions").click().run()
    assert "name Balanced → Bolder" in words(page)
    button(page, "Save version 1 as version 3").click().run()
    assert (design.get_framework(db, balanced.id).version, design.get_framework(db, balanced.id).name) == (
        3,
        "Balanced",
    )
    assert page.query_params["version"] == "3"


def button(page: AppTest, label: str) -> Any:
    return next(b for b in page.button if b.label.removesuffix("]").endswith(label))


def open_more(page: AppTest) -> AppTest:
    page.session_state["allocation-more"] = True
    return page.run()


def test_shares_of_the_parent_say_in_what_the_messages_speak(open_page: Open, balanced: Framework) -> None:
    page = open_page("allocation", framework=balanced.id)
    assert "Messages speak" not in words(page)
    page.session_state["allocation-share"] = "Share of parent"
    assert "Messages speak in shares of the whole." in words(page.run())


def holds(db: Database, framework: Framework) -> str:
    """What Equity holds in the draft, in words."""
    edit = drafts.edit(db, framework)
    assert edit is not None
    return in_short(understood(edit.framework))[EQUITY]


def test_what_is_in_a_bucket_is_chosen_in_plain_words(db: Database, open_page: Open, balanced: Framework) -> None:
    page = write(open_page("allocation", framework=balanced.id), EQUITY, "label", "US equity")
    assert holds(db, balanced) == "Shares, US, core"
    page = send(page, TREE, {"type": "open", "path": EQUITY})
    where = next(s for s in page.selectbox if s.label == "Where")
    assert where.value == "us"
    where.set_value("emerging").run()
    page.button(key="apply-bucket").click().run()
    assert not page.exception
    assert holds(db, balanced) == "Shares, emerging markets, core"
    page = send(page, TREE, {"type": "open", "path": EQUITY})
    next(s for s in page.selectbox if s.label == "What it holds").set_value("bonds").run()
    assert {s.label for s in page.selectbox} >= {"Issuer", "Term", "Credit"}
    assert "Sector" not in {s.label for s in page.selectbox}
    next(s for s in page.selectbox if s.label == "Term").set_value("short").run()
    page.button(key="apply-bucket").click().run()
    assert holds(db, balanced).startswith("Bonds, emerging markets, up to 5 years")


def test_a_name_that_says_nothing_is_asked_about(db: Database, open_page: Open) -> None:
    framework = design.create_empty(db, "Plain words")
    page = open_page("allocation", framework=framework.id)
    for label in ("US Stocks", "Dreams"):
        page.text_input(key="new-label").set_value(label)
        page.text_input(key="new-weight").set_value("50")
        next(b for b in page.button if b.label == "Add").click().run()
    assert 'The name "Dreams" does not say what belongs in it.' in words(page)
    assert "tag" not in words(page)
    page = send(page, TREE, {"type": "open", "path": "AssetClass/Dreams"})
    assert "Dreams does not say what it holds. Choose it here." in words(page)
    next(s for s in page.selectbox if s.label == "What it holds").set_value("cash").run()
    page.button(key="apply-bucket").click().run()
    assert "does not say" not in words(page)


def test_limits_are_set_judged_undone_and_saved_with_the_version(
    open_page: Open, balanced: Framework, db: Database
) -> None:
    page = open_page("allocation", framework=balanced.id)
    page.button(key="add-limit").click().run()
    page.selectbox(key="limit-type").select("min_bonds").run()
    page.selectbox(key="limit-scope").select(EQUITY).run()
    assert "Limit broken" in words(page)
    page.selectbox(key="limit-scope").select("").run()
    page.number_input(key="limit-value-bonds-percentage").set_value(30.0).run()
    assert "Bonds must be at least 30.0%; now 35.0%." in words(page)
    page.button(key="apply-limit").click().run()
    assert "Limit met" in words(page)
    page.button(key="undo").click().run()
    assert "None yet." in words(page)
    page.button(key="redo").click().run()
    page.button(key="save").click().run()
    assert design.get_framework(db, balanced.id).constraints == (Constraint("min_bonds", 30.0),)
    page.button(key="remove-limit-0").click().run()
    assert "None yet." in words(page)


def test_a_limit_that_was_meant_as_a_fraction_is_put_right_by_one_click(
    open_page: Open, db: Database, balanced: Framework
) -> None:
    limits = (
        Constraint("max_sector", 0.4),
        Constraint("max_turnover", 20),
        Constraint("max_leverage", 100),
        Constraint("max_holdings", 3),
    )
    design.revise(db, balanced.id, 1, replace(balanced, constraints=limits))
    page = open_page("allocation", framework=balanced.id)
    said = words(page)
    assert "Turnover of a rebalance must be at most 20.0%: judged on each plan of trades." in said
    assert "Leverage must be at most 1.00×: judged when products are chosen." in said
    page.button(key="edit-limit-3").click().run()
    assert page.number_input(key="limit-value-number of holdings-count").value == 3.0
    page.button(key="apply-limit").click().run()
    next(b for b in page.button if b.label == "Make it 40%").click().run()
    assert "Make it 40%" not in [b.label for b in page.button]
    put_right, *_, count = drafts_of(db, balanced)
    assert (put_right, count) == (Constraint("max_sector", 40.0), Constraint("max_holdings", 3.0, "count"))


def drafts_of(db: Database, framework: Framework) -> tuple[Constraint, ...]:
    """The limits of what is not saved."""
    kept = drafts.edit(db, design.get_framework(db, framework.id))
    assert kept is not None
    return kept.framework.constraints
