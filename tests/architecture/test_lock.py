"""What is installed is pinned by hash, and what Keel stands on is named with its licence."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distributions
from itertools import pairwise

from tests.architecture.source import ROOT

LOCKS = ("requirements-build.txt", "requirements.txt", "requirements-dev.txt")


def lines(lock: str) -> list[str]:
    return (ROOT / lock).read_text(encoding="utf-8").splitlines()


def pinned() -> set[str]:
    """The names in the locks, as packages are compared: in lower case, with one kind of dash."""
    return {
        match.group(1).lower() for lock in LOCKS for line in lines(lock) if (match := re.match(r"([\w.-]+)==", line))
    }


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_everything_that_is_installed_is_in_a_lock() -> None:
    names = {
        plain(one.name)
        for one in distributions(path=[str(path) for path in (ROOT / ".venv").glob("lib/*/site-packages")])
    }
    assert names - {plain(name) for name in pinned()} - {"keel"} == set()
    assert {"pip", "setuptools"} <= pinned()


def test_every_pin_has_a_hash_and_no_address() -> None:
    for lock in LOCKS:
        for line, after in pairwise([*lines(lock), ""]):
            assert "://" not in line, f"{lock}: {line}"
            assert "--hash=sha256:" in after or not re.match(r"[\w.-]+==", line), f"{lock}: {line}"


def test_the_readme_names_what_keel_stands_on_and_every_uncommon_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    licences = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Licences")[2]
    for requirement in [*project["dependencies"], *project["optional-dependencies"]["audit"]]:
        name = re.match(r"[\w-]+", requirement)
        assert name is not None
        assert name.group() in licences, requirement
    for word in ("NCSA", "Unlicense", "MPL-2.0", "Commons Clause"):
        assert word in licences
