"""What every test shares: seeded property tests, the embedded sample in a real database, and the browser's presence."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "keel", derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("keel")

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests run where Chromium is found; where it is not they say so, or fail if a browser is required."""
    if CHROMIUM or os.environ.get("KEEL_BROWSER") == "required":
        return
    skip = pytest.mark.skip(reason="Chromium was not found: install the package 'chromium' to run the browser tests")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser."""
    assert CHROMIUM, "Chromium was not found: install the package 'chromium' to run the browser tests"
    return CHROMIUM


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder of numbers that must hold."""
    return ROOT / "tests" / "golden"
