"""What commands read, and how they complain."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click
import pytest

from keel.commands import inputs
from keel.domain.framework.records import Bucket, Framework
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Policy
from keel.errors import ImportFormatError, InputError, InvalidFrameworkError


def test_a_day_is_written_as_iso() -> None:
    assert inputs.DAY.convert("2020-02-29", None, None) == date(2020, 2, 29)
    with pytest.raises(click.BadParameter, match="YYYY-MM-DD"):
        inputs.DAY.convert("29.2.2020", None, None)


def test_what_goes_wrong_is_said_about_the_file_as_it_was_given(tmp_path: Path) -> None:
    path = str(tmp_path / "f.csv")
    with pytest.raises(InputError, match="hint of it") as caught, inputs.about(path):
        raise InputError("f.csv: row 3 has the hint of it.", hint="Mend it.")
    assert caught.value.message.startswith(path)
    with pytest.raises(InputError) as caught, inputs.about(path):
        raise InputError("Row 3 is empty.", hint="Mend it.")
    assert (caught.value.message, caught.value.hint) == (f"{path}: Row 3 is empty.", "Mend it.")
    with pytest.raises(InputError, match="cannot be written"), inputs.about(path, "written"):
        raise PermissionError(13, "Permission denied")
    with pytest.raises(InputError, match="no name"), inputs.about(" "):
        pass


def test_json_is_written_out_or_a_file(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text('{"a": 1}', encoding="utf-8")
    assert inputs.json_argument('{"a": 1}', "--run") == ({"a": 1}, "--run")
    assert inputs.json_argument(str(path), "--run") == ({"a": 1}, str(path))


@pytest.mark.parametrize("text", ["{", '{"a": NaN}', "[" * 100_000])
def test_json_that_is_none_names_the_option(text: str) -> None:
    with pytest.raises(ImportFormatError, match="--run"):
        inputs.json_argument(text, "--run")


def test_a_policy_is_a_preset_json_or_a_file(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text('{"trigger": "never", "cost_bps": 5}', encoding="utf-8")
    assert inputs.policy("annual") == PRESETS["annual"]
    assert inputs.policy('{"trigger": "never"}') == inputs.policy(str(path)) == PRESETS["never"]
    with pytest.raises(InputError) as caught:
        inputs.policy("anual")
    assert caught.value.hint == "Did you mean annual?"


def test_policies_are_named_as_they_were_given_and_a_repeated_one_is_numbered(framework: Path) -> None:
    read, notes = inputs.framework(str(framework))
    assert notes == ()
    assert list(inputs.policies(("annual", "annual", "never"), read)) == ["annual", "annual (2)", "never"]
    (own,) = inputs.policies((), read).values()
    assert own == read.rebalancing
    assert isinstance(own, Policy)


def test_run_settings_beside_a_policy_are_taken_and_an_option_wins() -> None:
    row = '{"trigger": "never", "cost_bps": 5, "annual_fee_bps": 20}'
    settings = inputs.run_settings('{"annual_fee_bps": 30}', (row,), cost_bps=9.0, lag=None)
    assert (settings.cost_bps, settings.annual_fee_bps) == (9.0, 30)
    with pytest.raises(InputError, match="different run settings"):
        inputs.run_settings(None, (row, '{"trigger": "never", "cost_bps": 6}'))


def test_a_framework_that_is_not_valid_says_the_first_problem_and_how_many_more(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    buckets = [{"path": f"A/{name}", "label": name, "target_weight": 0.2} for name in "ab"]
    path.write_text(json.dumps({"keel": 1, "name": "F", "buckets": buckets}), encoding="utf-8")
    with pytest.raises(InvalidFrameworkError, match=str(path)) as caught:
        inputs.framework(str(path))
    assert caught.value.issues


def test_a_bucket_without_a_column_is_refused_by_name() -> None:
    framework = Framework("F", (Bucket("A/X", "XXX", 0.6), Bucket("A/Y", "YYY", 0.4)))
    assert inputs.priced_book(framework, "f.json", ("XXX", "YYY"), "p.csv").gaps == ()
    with pytest.raises(InputError) as caught:
        inputs.priced_book(framework, "f.json", ("XXX",), "p.csv")
    assert caught.value.message == "p.csv has no column 'YYY' for bucket A/Y of f.json."


def test_a_column_that_is_not_there_gets_the_nearest_as_a_hint() -> None:
    inputs.require_column("AAA", ("AAA", "BBB"), "--benchmark", "p.csv")
    with pytest.raises(InputError) as caught:
        inputs.require_column("AAB", ("AAA", "XYZ"), "--benchmark", "p.csv")
    assert caught.value.hint == "It has AAA."


def test_rules_are_json_and_an_unknown_one_is_refused() -> None:
    assert inputs.rules('{"min_history_years": 5}').min_history_years == 5
    with pytest.raises(InputError, match="no_such"):
        inputs.rules('{"no_such": 5}')


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    inputs.require_order(date(2020, 1, 1), None)
    with pytest.raises(InputError, match="--start 2021-01-01 lies after --end 2020-01-01"):
        inputs.require_order(date(2021, 1, 1), date(2020, 1, 1))
