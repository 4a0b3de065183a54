"""The documents say what exists: every command, option, policy, metric, template and term; the README's lines run."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from dataclasses import fields
from datetime import date
from pathlib import Path

import click
import pytest
from tests.commands.conftest import TARGETS, framework_json, walk, weekdays, write_prices

from keel import settings, vocabulary
from keel.backtest.metrics import table
from keel.cli import cli, main
from keel.domain.policy.as_json import policy_json
from keel.domain.policy.kinds import KINDS
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, Contributions, FlowMode, Policy, RunSettings

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


COMMAND_LINE = read("docs/command-line.md")
POLICIES = read("docs/policies.md")
METRICS = read("docs/metrics.md")


def leaves() -> list[tuple[str, click.Command]]:
    """Every command that does something, with its full name."""
    found = []
    for name, command in cli.commands.items():
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", part) for sub, part in command.commands.items()]
        else:
            found.append((name, command))
    return found


@pytest.mark.parametrize(("name", "command"), leaves(), ids=lambda x: x if isinstance(x, str) else "")
def test_every_command_and_option_is_documented(name: str, command: click.Command) -> None:
    assert f"keel {name}" in COMMAND_LINE
    for param in command.params:
        for option in param.opts:
            if option.startswith("--"):
                assert option in COMMAND_LINE, f"keel {name} {option}"


def test_no_document_names_a_command_that_is_not_there() -> None:
    known = {name.split()[0] for name, _ in leaves()}
    for path in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        for line in path.read_text(encoding="utf-8").splitlines():
            if match := re.match(r"^keel (\w+)", line):
                assert match.group(1) in known, f"{path.name}: {line}"


def test_every_preset_and_policy_field_is_documented() -> None:
    for name in PRESETS:
        assert f"| `{name}` |" in POLICIES, name
    for field in fields(Policy):
        assert f"`{field.name}`" in POLICIES or f'"{field.name}"' in POLICIES, field.name
    for kind in KINDS:
        assert f"| `{kind}` |" in POLICIES, kind
    for cadence in Cadence:
        assert f"`{cadence.value}`" in POLICIES, cadence
    for preset in PRESETS.values():
        assert set(policy_json(preset)) == {field.name for field in fields(Policy)}


def test_every_run_setting_is_documented() -> None:
    for field in fields(RunSettings):
        assert f"| `{field.name}` |" in POLICIES, field.name
    for field in fields(Contributions):
        assert f'"{field.name}"' in POLICIES, field.name
    for mode in FlowMode:
        assert f"`{mode.value}`" in POLICIES, mode


def metric_lines(flows: bool) -> list[str]:
    """The lines of ``docs/metrics.md`` about the metrics that come with contributions, or about the others."""
    return [f"| `{m.key}` | {m.definition} |" for m in table.METRICS if m.flows is flows]


def test_every_metric_is_documented_and_none_is_invented() -> None:
    documented = [line for line in METRICS.splitlines() if line.startswith("| `")]
    assert documented == [*metric_lines(flows=False), *metric_lines(flows=True)], "python -m tests.test_docs writes it"


def _named(document: str, opening: str) -> tuple[str, ...]:
    """The keys that a document lists after these words, to the end of the sentence or the bracket."""
    listed = re.split(r"[(.]|as defined", read(document).partition(opening)[2], maxsplit=1)[0]
    return tuple(re.findall(r"`(\w+)`", listed))


def test_the_metrics_that_compose_and_those_compared_are_listed_in_their_documents() -> None:
    assert _named("docs/sweeps.md", "A column per axis, by its dotted name, then") == table.composing()
    assert _named("docs/luck.md", "Metrics compared:") == table.compared()


def metrics_page() -> str:
    """The page of metrics with its lines as the table has them; ``python -m tests.test_docs`` writes it."""
    blocks = iter((metric_lines(flows=False), metric_lines(flows=True)))
    return re.sub(r"(?:^\| `.*\n)+", lambda _: "\n".join(next(blocks)) + "\n", METRICS, flags=re.MULTILINE)


def test_every_template_is_documented() -> None:
    from keel.domain.exchange.templates import read_templates
    from keel.sources.embedded.templates import template_files

    text = "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *DOCS.rglob("*.md")])
    templates = read_templates(template_files(settings.load().data_dir / "templates"))
    missing = [t.id for t in templates if f"`{t.id}`" not in text]
    assert not missing


def glossary() -> str:
    """The page of terms as it must stand in ``docs/vocabulary.md``; ``python -m tests.test_docs`` writes it."""
    parts = ["# Vocabulary\n\nOne word, one meaning, one unit. Generated from `src/keel/vocabulary.py`.\n"]
    for group in vocabulary.GROUPS:
        parts.append(f"\n## {group}\n\n| word | meaning | unit | formula |\n|---|---|---|---|\n")
        for term in vocabulary.TERMS:
            if term.group == group:
                cells = (term.word, term.meaning, term.unit, term.formula)
                parts.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    return "".join(parts)


def test_every_term_of_the_vocabulary_is_documented() -> None:
    assert read("docs/vocabulary.md") == glossary(), "python -m tests.test_docs writes it anew"


def test_every_rest_address_is_documented_and_none_is_invented() -> None:
    from keel.api.app import create_api
    from keel.store.connection import Database

    described = create_api(Database(":memory:")).openapi()["paths"]
    real = {f"{method.upper()} {path}" for path, methods in described.items() for method in methods}
    assert set(re.findall(r"^\| `([A-Z]+ /[^`]*)` \|", read("docs/rest.md"), flags=re.MULTILINE)) == real


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for path in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if "://" not in target and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert not broken


def readme_commands() -> list[str]:
    """The ``keel`` lines of the README's code blocks; a line that goes on after a backslash is one."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", read("README.md"), flags=re.MULTILINE | re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line.split(" # ")[0].strip() for line in lines if line.startswith("keel ")]


def test_the_readme_shows_commands() -> None:
    assert len(readme_commands()) >= 3


@pytest.mark.parametrize("line", readme_commands())
def test_the_readmes_commands_run(
    line: str, sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dates = weekdays(date(2019, 1, 2), 600)
    write_prices(tmp_path / "P.csv", dates, walk(5, 600))
    (tmp_path / "F.json").write_text(json.dumps(framework_json(TARGETS)), encoding="utf-8")
    grid = {"base": "abs_5pp", "axes": {"band.width_bps": [200, 500]}}
    (tmp_path / "G.json").write_text(json.dumps(grid), encoding="utf-8")
    (tmp_path / "H.csv").write_text("symbol,quantity\nAAA,10\nBBB,20\nCASH,100\n", encoding="utf-8")
    (tmp_path / "U.csv").write_text("symbol,name\nAAA,One\n", encoding="utf-8")
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEEL_DB", str(shutil.copy(sample_file, tmp_path / "keel.duckdb")))
    code = main(shlex.split(line)[1:])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    assert out


if __name__ == "__main__":
    (DOCS / "vocabulary.md").write_text(glossary(), encoding="utf-8")
    (DOCS / "metrics.md").write_text(metrics_page(), encoding="utf-8")
