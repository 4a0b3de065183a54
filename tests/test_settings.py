from __future__ import annotations

from pathlib import Path

from keel import settings


def test_a_clone_keeps_its_data_and_its_database_together() -> None:
    found = settings.load({})
    assert settings.in_checkout()
    assert found.data_dir.name == "data"
    assert found.db_path == found.data_dir / "keel.duckdb"
    assert found.app_path.is_file()
    assert (found.pages_dir / "0_start.py").is_file()
    assert found.port == 8501


def test_the_environment_says_otherwise() -> None:
    found = settings.load({"KEEL_DATA": "/d", "KEEL_DB": "/x/y.duckdb", "PORT": "8677"})
    assert (found.data_dir, found.db_path, found.port) == (Path("/d"), Path("/x/y.duckdb"), 8677)


def test_a_port_that_is_no_number_is_left_aside() -> None:
    assert settings.load({"PORT": "eighty"}).port == 8501
    assert settings.load({"KEEL_DATA": "", "KEEL_DB": ""}).data_dir == settings.load({}).data_dir


def test_an_installed_package_keeps_its_database_with_the_users_data(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(settings, "in_checkout", lambda: False)
    assert settings.load({"XDG_DATA_HOME": "/home/a/share"}).db_path == Path("/home/a/share/keel/keel.duckdb")
    assert settings.load({}).db_path == Path.home() / ".local" / "share" / "keel" / "keel.duckdb"
    assert settings.load({}).app_path == settings.PACKAGE / "server" / "app.py"
