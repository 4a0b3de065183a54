"""The mapping page: a product for every bucket, gaps in sight, and one click to accept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Open, words
from tests.pages.opened import accepted, adopted, no_errors, title

from keel.domain.framework.records import Bucket, Constraint, Framework
from keel.domain.framework.rules import Rules
from keel.domain.mapping.matching import best_picks
from keel.domain.policy.presets import PRESETS
from keel.domain.portfolio.score_weights import ScoreWeights
from keel.domain.portfolio.split import Method
from keel.domain.study.question import Question
from keel.services import design, mapping, study
from keel.services.work import drafts, shelf
from keel.store import instruments
from keel.store.connection import Database

GEOGRAPHIC = "geographic"


def open_mapping(db: Database, open_page: Open, template: str) -> tuple[Framework, AppTest]:
    framework = adopted(db, template)
    return framework, open_page("mapping", framework=framework.id, version=framework.version)


def behind(at: AppTest, path: str) -> AppTest:
    """The page with a bucket's row open."""
    return at.button(key=f"open-{path}").click().run()


def rows(at: AppTest) -> list[str]:
    """The labels of the rows."""
    return [b.label for b in at.button if b.key.startswith("open-")]


def test_the_title_counts_buckets_with_a_product(db: Database, open_page: Open) -> None:
    _, at = open_mapping(db, open_page, "balanced")
    assert title(at) == "3 suggestions to check"
    assert no_errors(at)


def test_every_bucket_is_a_row_of_pick_fee_prices_score_and_health(db: Database, open_page: Open) -> None:
    framework, at = open_mapping(db, open_page, "balanced")
    assert rows(at) == [b.label for b in framework.buckets]
    text = words(at)
    assert all(f"**{symbol}**" in text for symbol in ("VT", "AGG", "GLD"))
    assert text.count("fee 0.") == 3
    assert text.count(":small[proxy]") == 3
    assert text.count("●") > 3
    assert "Notes" in text
    assert "that fit" not in text
    opened = words(behind(at, framework.buckets[0].path))
    assert opened.count("that fit") == 1
    assert "stands in, minus the" in opened
    assert len(at.get("plotly_chart")) == 1


def test_rows_stand_under_the_bucket_they_are_parts_of(db: Database, open_page: Open) -> None:
    file = b"path,target_weight\nA/Equity,60%\nA/Equity/US,40%\nA/Equity/World,20%\nA/Gold,40%\n"
    framework = design.save_new(db, *design.read_file(file, "own.csv"))
    at = open_page("mapping", framework=framework.id, version=1)
    assert [h.value for h in at.header] == ["Equity 60.0%", "Buckets"]
    assert rows(at) == ["US", "World", "Gold"]


def test_the_last_step_is_a_table_of_all_products(db: Database, open_page: Open) -> None:
    framework = adopted(db, "balanced")
    limited = design.revise(
        db, framework.id, 1, replace(framework, constraints=(Constraint("max_expense_ratio", 0.05),))
    )
    at = open_page("mapping", framework=limited.id, version=limited.version)
    at.session_state["mapping-holds"] = True
    at.run()
    table = at.table[0].value
    assert list(table.columns) == ["Bucket", "Weight", "Cost a year", "Health", "Limits"]
    assert list(table["Bucket"]) == [b.label for b in framework.buckets]


def test_accept_all_makes_a_portfolio_and_leads_to_the_backtest(db: Database, open_page: Open) -> None:
    framework, at = open_mapping(db, open_page, "balanced")
    at.button(key="accept-all").click().run()
    kept = mapping.latest_portfolio(db, framework.id, framework.version)
    assert kept is not None
    assert at.query_params["portfolio"] == kept.id
    assert "a year" in title(at)


def test_the_frameworks_limits_are_judged_by_the_picks(db: Database, open_page: Open) -> None:
    framework = adopted(db, "balanced")
    limits = (Constraint("max_single_product", 50),)
    limited = design.revise(db, framework.id, 1, replace(framework, constraints=limits))
    mapping.accept(db, limited.id, limited.version, best_picks(mapping.suggest(db, framework)))
    at = open_page("mapping", framework=limited.id, version=limited.version)
    assert "Limit broken" in words(at)
    assert "Largest single product must be at most 50.0%; now 60.0% (VT)." in words(at)
    assert "one product alone is too large for a limit: split it over 2 or more." in words(at)
    even = at.button(key=f"even-{framework.buckets[0].path}")
    assert even.label.startswith("Split evenly over VT")
    even.click().run()
    assert "Largest single product must be at most 50.0%; now 35.0%." in words(at)


def test_one_bucket_can_be_accepted_alone(db: Database, open_page: Open) -> None:
    framework, at = open_mapping(db, open_page, "balanced")
    path = framework.buckets[0].path
    at.button(key=f"accept-{path}").click().run()
    assert "Checked" in words(at)
    assert "Unsaved choices" in words(at)
    assert f"accept-{path}" not in {b.key for b in at.button}


def test_a_large_tree_is_drawn_a_page_of_buckets_at_a_time(db: Database, open_page: Open) -> None:
    lines = [f"Sector/S{n:02},{1 / 45!r}" for n in range(45)]
    framework = design.save_new(db, *design.read_file("\n".join(["path,target_weight", *lines]).encode(), "own.csv"))
    at = open_page("mapping", framework=framework.id, version=1)
    assert rows(at) == [f"S{n:02}" for n in range(20)]
    assert "Buckets 1 to 20 of 45" in words(at)
    assert "S00, S01, S02, S03, S04 and 40 more" in words(at)
    at.session_state["mapping-page-of-3"] = 3
    at.run()
    assert rows(at) == [f"S{n:02}" for n in range(40, 45)]
    assert "Buckets 41 to 45 of 45" in words(at)


def test_a_bucket_without_monthly_prices_says_so_and_one_click_fills_it(db: Database, open_page: Open) -> None:
    _, at = open_mapping(db, open_page, GEOGRAPHIC)
    at.selectbox(key="mapping-dataset").select("monthly").run()
    assert title(at) == "1 suggestion to check, 2 buckets without a product"
    assert "stays in cash" in words(at)
    remedy = next(b for b in at.button if b.key.startswith("remedy-") and "2008" in b.label)
    remedy.click().run()
    assert title(at) == "3 suggestions to check"


def test_a_product_of_the_file_that_is_not_known_is_never_swapped(db: Database, open_page: Open) -> None:
    file = b"path,target_weight,holdings\nA/World,60%,VWCE:1\nA/Euro bonds,40%,AGG:1\n"
    framework = design.save_new(db, *design.read_file(file, "own.csv"))
    at = open_page("mapping", framework=framework.id, version=1)
    assert title(at) == "1 suggestion to check, 1 bucket without a product"
    assert "VWCE came with the framework and is not known here." in words(at)
    assert "60.0% stays in cash" in words(at)


def test_widening_a_rule_saves_a_new_version_and_keeps_the_other_picks(db: Database, open_page: Open) -> None:
    framework, at = open_mapping(db, open_page, GEOGRAPHIC)
    at.selectbox(key="mapping-dataset").select("monthly").run()
    remedy = next(b for b in at.button if b.key.startswith("remedy-") and "international" in b.label)
    remedy.click().run()
    assert design.get_framework(db, framework.id).version == 2
    assert at.query_params["version"] == "2"
    assert title(at) == "2 suggestions to check, 1 bucket without a product"
    assert "Saved as version 2" in words(at)


def test_a_locked_pick_cannot_be_replaced_until_unlocked(db: Database, open_page: Open) -> None:
    framework, at = open_mapping(db, open_page, "balanced")
    path = framework.buckets[0].path
    behind(at, path).button(key=f"lock-{path}").click().run()
    assert at.button(key=f"lock-{path}").label == "Unlock"
    at.button(key=f"lock-{path}").click().run()
    assert at.button(key=f"lock-{path}").label == "Lock"


def test_what_is_not_in_the_portfolio_is_marked_until_it_is_accepted(db: Database, open_page: Open) -> None:
    framework, at = open_mapping(db, open_page, "balanced")
    assert "Unsaved choices" not in words(at)
    path = framework.buckets[0].path
    behind(at, path).button(key=f"lock-{path}").click().run()
    assert "Unsaved choices" in words(at)
    assert "Will lock" in words(at)
    at.button(key="accept-all").click().run()
    kept = mapping.latest_portfolio(db, framework.id, framework.version)
    assert kept is not None
    again = open_page("mapping", framework=framework.id, version=framework.version, portfolio=kept.id)
    assert "Unsaved choices" not in words(again)
    assert "Will lock" not in words(again)
    assert "Locked" in words(again)


def test_a_score_says_that_it_is_a_rank_and_leaves_out_what_nobody_knows(db: Database, open_page: Open) -> None:
    framework, at = open_mapping(db, open_page, "balanced")
    for bucket in framework.buckets:
        behind(at, bucket.path)
    assert "**Best** of 3 that fit" in words(at)
    suggested = mapping.suggest(db, framework)
    assert all(s.parts["size"] is None for bucket in suggested for s in bucket.suggestions)
    charts = [c.proto.spec for c in at.get("plotly_chart")]
    assert charts
    assert not any("Size" in spec for spec in charts)


def test_a_link_to_an_accepted_portfolio_shows_its_picks(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page(
        "mapping", framework=portfolio.framework_id, version=portfolio.framework_version, portfolio=portfolio.id
    )
    assert at.button(key="accept-all").label == ":violet[Run the backtest]"
    text = words(at)
    assert all(f"**{pick.symbol}**" in text for pick in portfolio.picks)


def test_a_changed_pick_is_the_next_version_under_the_same_link(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    before = study.run_backtest(db, Question(portfolio.id, {"Yearly": PRESETS["annual"]}))
    link = {"framework": portfolio.framework_id, "version": portfolio.framework_version, "portfolio": portfolio.id}
    at = open_page("mapping", **link)
    path = portfolio.picks[0].path
    behind(at, path).button(key=f"lock-{path}").click().run()
    at.button(key="accept-all").click().run()
    assert at.query_params["portfolio"] == portfolio.id
    assert "a year" in title(at)
    changed = mapping.get_portfolio(db, portfolio.id)
    assert (changed.version, changed.picks[0].locked) == (portfolio.version + 1, True)
    assert "Unsaved choices" not in words(open_page("mapping", **link))
    again = open_page("backtest", portfolio=portfolio.id, run=before.run_id)
    assert no_errors(again)
    assert study.get_run(db, before.run_id).question.portfolio_version == portfolio.version


def test_a_newer_allocation_goes_on_with_the_same_portfolio(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    framework = design.get_framework(db, portfolio.framework_id)
    newer = design.revise(db, framework.id, framework.version, replace(framework, description="Newer"))
    at = open_page("mapping", framework=newer.id, version=newer.version)
    at.button(key="accept-all").click().run()
    moved = mapping.get_portfolio(db, portfolio.id)
    assert at.query_params["portfolio"] == portfolio.id
    assert (moved.version, moved.framework_version) == (portfolio.version + 1, newer.version)
    old = mapping.latest_portfolio(db, framework.id, framework.version)
    assert old == portfolio


def test_an_allocation_without_buckets_leads_to_the_allocation(db: Database, open_page: Open) -> None:
    _, at = open_mapping(db, open_page, "custom")
    assert title(at) == "Add a bucket first"
    assert no_errors(at)


def test_without_a_framework_the_step_says_what_it_needs(db: Database, open_page: Open) -> None:
    at = open_page("mapping")
    assert title(at) == "Mapping is not open yet"


def test_an_unknown_framework_is_a_sentence_and_a_way_back(db: Database, open_page: Open) -> None:
    at = open_page("mapping", framework="fw_nothing")
    assert not at.exception
    assert ":red-badge" in words(at)


def test_a_portfolio_is_renamed_duplicated_and_archived_after_a_question(db: Database, open_page: Open) -> None:
    portfolio = accepted(db)
    at = open_page("mapping", framework=portfolio.framework_id, version=1, portfolio=portfolio.id)
    at.session_state["mapping-portfolios"] = True
    at.run()
    next(box for box in at.text_input if box.label == "Name").set_value("House").run()
    at.button(key="shelf-portfolio-rename").click().run()
    assert mapping.get_portfolio(db, portfolio.id).name == "House"
    at.button(key="shelf-portfolio-duplicate").click().run()
    assert at.query_params["portfolio"] != portfolio.id
    assert [e.name for e in shelf.portfolios_of(db, portfolio.framework_id)] == ["House copy", "House"]
    at.session_state["mapping-portfolios"] = True
    at.run()
    at.button(key="shelf-portfolio-archive").click().run()
    assert "Nothing uses it." in words(at)
    at.button(key="archive-portfolio").click().run()
    assert [e.name for e in shelf.portfolios_of(db, portfolio.framework_id)] == ["House"]


def test_a_reload_goes_on_with_choices_and_prices_until_they_are_discarded(db: Database, open_page: Open) -> None:
    framework, at = open_mapping(db, open_page, GEOGRAPHIC)
    path = framework.buckets[0].path
    at.selectbox(key="mapping-dataset").select("monthly").run()
    behind(at, path).button(key=f"lock-{path}").click().run()
    again = open_page("mapping", framework=framework.id, version=framework.version)
    assert again.selectbox(key="mapping-dataset").value == "monthly"
    assert behind(again, path).button(key=f"lock-{path}").label == "Unlock"
    again.button(key="discard-choices").click().run()
    assert "Unsaved choices" not in words(again)
    third = open_page("mapping", framework=framework.id, version=framework.version)
    assert "Unsaved choices" not in words(third)


def test_a_new_version_goes_on_with_the_choice_of_prices(db: Database, open_page: Open) -> None:
    framework, at = open_mapping(db, open_page, GEOGRAPHIC)
    at.selectbox(key="mapping-dataset").select("monthly").run()
    at.button(key="accept-all").click().run()
    newer = design.revise(db, framework.id, 1, replace(framework, description="Newer"))
    again = open_page("mapping", framework=newer.id, version=newer.version)
    assert again.selectbox(key="mapping-dataset").value == "monthly"


def test_unsaved_changes_of_the_allocation_are_said_not_to_be_in_it(db: Database, open_page: Open) -> None:
    framework, at = open_mapping(db, open_page, "balanced")
    assert "unsaved changes are not in it" not in words(at)
    drafts.keep_edit(db, framework, replace(framework, name="Other"))
    assert "You are choosing for version 1; unsaved changes are not in it." in words(at.run())


def test_the_page_says_what_the_backtest_uses_and_the_backtest_uses_it(db: Database, open_page: Open) -> None:
    framework, at = open_mapping(db, open_page, GEOGRAPHIC)
    at.selectbox(key="mapping-dataset").select("monthly").run()
    line = "Tested on Dec 1999 – Jun 2026, monthly, total return, 1 of 1 through a proxy"
    assert line in words(at)
    at.button(key="accept-all").click().run()
    kept = mapping.latest_portfolio(db, framework.id, framework.version)
    assert kept is not None
    answer = study.get_run(db, at.query_params["run"])
    assert (answer.dataset, answer.question.dataset) == ("monthly", "monthly")
    assert "Dec 1999 – Jun 2026, monthly, total return" in words(at)
    again = open_page("mapping", framework=framework.id, version=1, portfolio=kept.id)
    assert line in words(again)
    again.selectbox(key="mapping-dataset").select("etf_daily").run()
    again.button(key="accept-all").click().run()
    assert study.question_of(db, again.query_params["run"]).dataset == "etf_daily"


def test_a_product_chosen_by_hand_is_found_by_its_symbol_and_keeps_its_prices(db: Database, open_page: Open) -> None:
    framework, at = open_mapping(db, open_page, "balanced")
    path = framework.buckets[0].path
    at.session_state[f"replace-{path}"] = True
    behind(at, path)
    at.text_input(key=f"search-{path}").input("spy").run()
    found = [b for b in at.button if (b.key or "").startswith(f"search-{path}-")]
    assert found[0].label.startswith("SPY ")
    found[0].click().run()
    text = words(at)
    assert "**SPY**" in text
    assert "MSCI US stands in, minus the" in text
    assert "Your choice" in text


def test_one_product_in_two_buckets_is_said_and_one_click_takes_another(db: Database, open_page: Open) -> None:
    words_of = ("US equity", "American shares")
    buckets = tuple(Bucket(f"AssetClass/{label}", label, 0.5) for label in words_of)
    framework = design.revise(db, design.create_empty(db, "Twice").id, 1, Framework("Twice", buckets))
    at = open_page("mapping", framework=framework.id, version=framework.version)
    assert "fills 2 buckets: US equity, American shares." in words(at)
    at.button(key="swap-AssetClass/American shares").click().run()
    assert no_errors(at)
    assert "fills 2 buckets" not in words(at)


def test_a_group_is_split_evenly_over_its_members_by_one_click(db: Database, open_page: Open) -> None:
    _, at = open_mapping(db, open_page, "sector_risk_band")
    even = at.button(key="even-Sector/Growth")
    assert even.label.startswith("Split evenly over XL")
    even.click().run()
    assert not at.exception
    assert "50.0% of the bucket" in words(at)
    assert "even-Sector/Growth" not in {button.key for button in at.button}


def test_what_counts_and_what_is_considered_is_set_kept_and_said(db: Database, open_page: Open) -> None:
    framework, at = open_mapping(db, open_page, "balanced")
    at.session_state["mapping-more"] = True
    at.run()
    for label in ("Cost", "Liquidity", "History", "Fit", "Size"):
        next(n for n in at.number_input if n.label == label).set_value(0)
    at.button(key="mapping-use").click().run()
    assert "At least one part of the score must count." in words(at)
    next(n for n in at.number_input if n.label == "History").set_value(20)
    next(n for n in at.number_input if n.label == "Highest fee, % a year").set_value(0.2)
    at.button(key="mapping-use").click().run()
    assert no_errors(at)
    assert "history 100%" in words(at)
    assert "fee at most 0.20%" in words(at)
    again = open_page("mapping", framework=framework.id, version=framework.version)
    assert "history 100%" in words(again)
    again.button(key="accept-all").click().run()
    portfolio = mapping.latest_portfolio(db, framework.id, framework.version)
    assert portfolio is not None
    assert portfolio.weights == ScoreWeights(0, 0, 0.2, 0, 0)


def test_a_split_is_filled_by_a_method_and_says_what_it_rests_on(db: Database, open_page: Open) -> None:
    framework, at = open_mapping(db, open_page, "balanced")
    path = framework.buckets[0].path
    known = {i.symbol: i.id for i in instruments.universe(db)}
    at.session_state[f"split-of-{path}"] = (known["ACWI"], known["URTH"])
    at.session_state[f"split-{path}"] = True
    behind(at, path)
    at.selectbox(key=f"fill-by-{path}").set_value(Method.inverse_volatility).run()
    at.number_input(key=f"fill-most-{path}").set_value(20.0).run()
    at.button(key=f"fill-{path}").click().run()
    assert "The products may hold 60.0% of the bucket at most." in words(at)
    at.number_input(key=f"fill-most-{path}").set_value(34.0).run()
    at.button(key=f"fill-{path}").click().run()
    assert no_errors(at)
    assert "Inverse volatility: the calmer a product, the larger its share." in words(at)
    shares = [n.value for n in at.number_input if n.key.startswith(f"share-{path}-")]
    assert sum(shares) == pytest.approx(100.0)
    assert max(shares) <= 34.02
    assert not at.button(key=f"split-use-{path}").disabled
    at.number_input(key=f"fill-high-{path}-URTH").set_value(32.0).run()
    at.button(key=f"fill-{path}").click().run()
    (low,) = [n.value for n in at.number_input if n.key.startswith(f"share-{path}-{known['URTH']}")]
    assert low == pytest.approx(32.0, abs=0.02)


def test_a_limit_that_a_split_cannot_meet_is_said_beside_it(db: Database, open_page: Open) -> None:
    framework = adopted(db, "balanced")
    limited = replace(framework, constraints=(Constraint("max_expense_ratio", 0.01),))
    saved = design.revise(db, framework.id, 1, limited, ())
    path = framework.buckets[0].path
    at = open_page("mapping", framework=framework.id, version=saved.version)
    known = {i.symbol: i.id for i in instruments.universe(db)}
    at.session_state[f"split-of-{path}"] = (known["ACWI"], known["URTH"])
    at.session_state[f"split-{path}"] = True
    at.run()
    at.button(key=f"fill-{path}").click().run()
    assert no_errors(at)
    assert "The limits leave this bucket a weighted expense ratio of 0.02%" in words(at)


def test_a_near_miss_is_admitted_by_one_click(db: Database, open_page: Open) -> None:
    rules = Rules(include_tags=("asset_class:bonds", "region:us"), min_adv_usd=1e12)
    framework = design.save_new(db, Framework("Bonds", (Bucket("A/Bonds", "Bonds", 1.0, rules=rules),)), ())
    at = open_page("mapping", framework=framework.id, version=1)
    nearest = next(b for b in at.button if b.key.startswith("near-"))
    assert "traded a day" in nearest.label
    nearest.click().run()
    asked = design.get_framework(db, framework.id).buckets[0].rules.min_adv_usd
    assert asked is not None
    assert asked < 1e12
    assert title(at) == "1 suggestion to check"
    assert "**TLT**" in words(at)
