"""A test's path mirrors its source: ``src/keel/a/b.py`` is tested in ``tests/a/test_b.py``."""

from __future__ import annotations

from pathlib import Path

from tests.architecture.source import MODULES, ROOT, SOURCE, TESTS, module

# What is tested elsewhere, and where: pictures by driving their page, commands by their whole output.
ELSEWHERE = {
    "api/models": "tests/api/test_document.py",
    "domain/framework/records.py": "tests/domain/framework/test_validation.py",
    "domain/mapping/as_json.py": "tests/commands/test_map.py",
    "domain/proposal/as_json.py": "tests/commands/guided/test_propose.py",
    "domain/proposal/records.py": "tests/domain/proposal/test_generator.py",
    "sources/yahoo/source.py": "tests/services/market/test_refresh.py",
    "ui/allocation/band_input.py": "tests/pages/test_allocation.py",
    "ui/allocation/bucket_details.py": "tests/pages/test_allocation.py",
    "ui/allocation/contents_input.py": "tests/pages/test_allocation.py",
    "ui/allocation/framework_details.py": "tests/pages/test_allocation.py",
    "ui/allocation/limits.py": "tests/pages/test_allocation.py",
    "ui/allocation/policy_details.py": "tests/pages/test_allocation.py",
    "ui/allocation/state.py": "tests/pages/test_allocation.py",
    "ui/allocation/trial.py": "tests/pages/test_allocation_draft.py",
    "ui/allocation/versions.py": "tests/pages/test_allocation.py",
    "ui/allocation/view.py": "tests/pages/test_allocation.py",
    "ui/backtest/answers.py": "tests/pages/test_backtest.py",
    "ui/backtest/audit_badge.py": "tests/pages/test_audit.py",
    "ui/backtest/inputs.py": "tests/pages/test_backtest.py",
    "ui/backtest/presentation.py": "tests/pages/test_handover.py",
    "ui/backtest/risk.py": "tests/pages/test_backtest.py",
    "ui/backtest/tabs.py": "tests/pages/test_backtest.py",
    "ui/backtest/xray.py": "tests/pages/test_backtest.py",
    "ui/data/access.py": "tests/pages/test_reference.py",
    "ui/data/imports.py": "tests/pages/test_imports.py",
    "ui/data/products.py": "tests/pages/test_products.py",
    "ui/data/refresh.py": "tests/pages/test_refresh.py",
    "ui/drift/backtested.py": "tests/pages/test_drift.py",
    "ui/drift/columns.py": "tests/pages/test_drift.py",
    "ui/drift/live.py": "tests/pages/test_drift_live.py",
    "ui/drift/lived.py": "tests/pages/test_drift_live.py",
    "ui/drift/moving.py": "tests/pages/test_drift_live.py",
    "ui/drift/shares.py": "tests/pages/test_drift_live.py",
    "ui/drift/view.py": "tests/pages/test_drift.py",
    "ui/frame/imported.py": "tests/pages/test_imports.py",
    "ui/frame/root.py": "tests/test_app.py",
    "ui/frame/shelf.py": "tests/pages/test_start.py",
    "ui/frame/shell.py": "tests/pages/test_start.py",
    "ui/frame/trust.py": "tests/pages/test_backtest.py",
    "ui/frame/verdicts.py": "tests/pages/test_mapping.py",
    "ui/frame/widgets.py": "tests/pages/test_start.py",
    "ui/handover/dialog.py": "tests/pages/test_handover.py",
    "ui/handover/presenting.py": "tests/pages/test_handover.py",
    "ui/handover/shared.py": "tests/pages/test_sharing.py",
    "ui/handover/sharing.py": "tests/pages/test_sharing.py",
    "ui/guided/bar.py": "tests/pages/test_guided.py",
    "ui/guided/begin.py": "tests/pages/test_guided.py",
    "ui/guided/suggesting.py": "tests/pages/test_guided.py",
    "ui/holdings/accounts.py": "tests/pages/test_holdings.py",
    "ui/holdings/begin.py": "tests/pages/test_holdings.py",
    "ui/holdings/files.py": "tests/pages/test_holdings.py",
    "ui/holdings/mapped.py": "tests/pages/test_holdings.py",
    "ui/holdings/outside.py": "tests/pages/test_holdings.py",
    "ui/holdings/table.py": "tests/pages/test_holdings.py",
    "ui/holdings/view.py": "tests/pages/test_holdings.py",
    "ui/lab/answers.py": "tests/pages/test_policy_lab.py",
    "ui/lab/axes.py": "tests/ui/lab/test_landscape.py",
    "ui/lab/axes_box.py": "tests/pages/test_lab_axes.py",
    "ui/lab/draft.py": "tests/pages/test_lab_question.py",
    "ui/lab/inputs.py": "tests/pages/test_lab_question.py",
    "ui/lab/pickers.py": "tests/pages/test_policy_lab.py",
    "ui/lab/question.py": "tests/pages/test_lab_question.py",
    "ui/backtest/figures.py": "tests/pages/test_backtest.py",
    "ui/lab/luck.py": "tests/pages/test_policy_lab.py",
    "ui/lab/view.py": "tests/pages/test_policy_lab.py",
    "ui/mapping/draft.py": "tests/pages/test_mapping.py",
    "ui/mapping/filling.py": "tests/pages/test_mapping.py",
    "ui/mapping/portfolios.py": "tests/pages/test_mapping.py",
    "ui/mapping/products.py": "tests/pages/test_mapping.py",
    "ui/mapping/split.py": "tests/pages/test_mapping.py",
    "ui/mapping/state.py": "tests/pages/test_mapping.py",
    "ui/mapping/unsaved.py": "tests/pages/test_mapping.py",
    "ui/mapping/view.py": "tests/pages/test_mapping.py",
    "ui/proposal/asked.py": "tests/pages/test_profile.py",
    "ui/proposal/on_framework.py": "tests/pages/test_allocation_draft.py",
    "ui/profile/answers.py": "tests/pages/test_profile.py",
    "ui/profile/proposing.py": "tests/pages/test_profile.py",
    "ui/profile/saving.py": "tests/pages/test_profile.py",
    "ui/question/blends.py": "tests/pages/test_backtest.py",
    "ui/question/form.py": "tests/pages/test_backtest.py",
    "ui/question/state.py": "tests/pages/test_backtest.py",
    "ui/rebalance/asking.py": "tests/pages/test_rebalance.py",
    "ui/rebalance/kept.py": "tests/pages/test_rebalance.py",
    "ui/rebalance/regular.py": "tests/pages/test_rebalance.py",
    "ui/rebalance/view.py": "tests/pages/test_rebalance.py",
    "ui/rebalance/worksheet.py": "tests/pages/test_rebalance.py",
    "ui/reference/data.py": "tests/pages/test_reference.py",
    "ui/reference/learn.py": "tests/pages/test_reference.py",
    "ui/start/alerts.py": "tests/pages/test_start.py",
    "ui/start/morning.py": "tests/pages/test_start.py",
    "ui/start/overview.py": "tests/pages/test_start.py",
    "ui/template/cards.py": "tests/pages/test_template.py",
    "ui/template/intake.py": "tests/browser/test_design.py",
}


def mirror(path: Path) -> Path:
    """Where the test of a source file belongs."""
    inside = path.relative_to(SOURCE)
    return TESTS / inside.parent / f"test_{inside.name}"


def test_every_source_file_has_a_test_at_its_mirrored_path() -> None:
    lacking = [
        str(path.relative_to(SOURCE))
        for path in MODULES
        if path.name not in ("__init__.py", "__main__.py", "arrays.py")  # names of types
        and not mirror(path).exists()
        and not any(str(path.relative_to(SOURCE)).startswith(place) for place in ELSEWHERE)
    ]
    assert not lacking, "\n".join(lacking)


def test_every_test_mirrors_a_source_file() -> None:
    stray = []
    for part in ("domain", "backtest", "store", "sources", "services", "ui"):
        for test in sorted((TESTS / part).rglob("test_*.py")):
            source = SOURCE / test.relative_to(TESTS).parent / test.name.removeprefix("test_")
            if not source.exists() and str(test.relative_to(TESTS)) not in WHOLE:
                stray.append(str(test.relative_to(ROOT)))
    assert not stray, "\n".join(stray)


# Tests of several files together, and what they promise.
WHOLE = {
    "backtest/test_golden.py": "every hand-checked path and figure holds, through the whole engine",
    "backtest/test_independent.py": "other people's engines come to the same wealth",
    "backtest/test_tranches.py": "sleeves add up to the book, and never trade with each other",
}


def test_what_is_tested_elsewhere_is_tested() -> None:
    names = {module(path) for path in MODULES}
    assert names
    for place, test in ELSEWHERE.items():
        assert (SOURCE / place).exists(), place
        assert (ROOT / test).exists(), test
        assert Path(test).name.startswith("test_"), test
