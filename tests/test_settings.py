from __future__ import annotations

from pathlib import Path

import pytest

from keel import settings
from keel.errors import InputError
from keel.settings import Model, model


def test_a_clone_keeps_its_data_and_its_database_together() -> None:
    found = settings.load({})
    assert settings.in_checkout()
    assert found.data_dir.name == "data"
    assert found.db_path == found.data_dir / "keel.duckdb"
    assert found.app_path.is_file()
    assert (found.pages_dir / "0_start.py").is_file()
    assert settings.port({}) == 8501


def test_the_environment_says_otherwise() -> None:
    found = settings.load({"KEEL_DATA": "/d", "KEEL_DB": "/x/y.duckdb"})
    assert (found.data_dir, found.db_path) == (Path("/d"), Path("/x/y.duckdb"))
    assert settings.port({"PORT": "8677"}) == 8677


@pytest.mark.parametrize("given", ["eighty", "0", "-1", "99999", "8501.0", "²", "9" * 5_000])
def test_a_port_that_is_none_is_refused_in_one_sentence(given: str) -> None:
    with pytest.raises(InputError, match=r"^PORT is '[^\n]*', which is not a port\.$"):
        settings.port({"PORT": given})


def test_an_empty_variable_is_none() -> None:
    assert settings.port({"PORT": " "}) == 8501
    assert settings.load({"KEEL_DATA": "", "KEEL_DB": ""}).data_dir == settings.load({}).data_dir


def test_an_installed_package_keeps_its_database_with_the_users_data(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(settings, "in_checkout", lambda: False)
    assert settings.load({"XDG_DATA_HOME": "/home/a/share"}).db_path == Path("/home/a/share/keel/keel.duckdb")
    assert settings.load({}).db_path == Path.home() / ".local" / "share" / "keel" / "keel.duckdb"
    assert settings.load({}).app_path == settings.PACKAGE / "server" / "app.py"


def test_a_model_is_set_up_by_the_environment_and_its_key_is_not_shown(tmp_path: Path) -> None:
    given = {"KEEL_MODEL": "anthropic:claude", "KEEL_MODEL_KEY": "SECRET", "KEEL_MODEL_SECONDS": "5"}
    chosen = model(given)
    assert chosen == Model("anthropic", "claude", "", "SECRET", 5.0)
    assert "SECRET" not in repr(chosen)
    (tmp_path / "key").write_text("FROM-A-FILE\n")
    assert model({**given, "KEEL_MODEL_KEY_FILE": str(tmp_path / "key")}) == Model(
        "anthropic", "claude", "", "FROM-A-FILE", 5.0
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"KEEL_MODEL": "llama"}, {"KEEL_MODEL": "openai:"}, {"KEEL_MODEL": "openai:x", "KEEL_MODEL_TOKENS": "many"},
        {"KEEL_MODEL": "openai:x", "KEEL_MODEL_SECONDS": "0"}, {"KEEL_MODEL": "openai:x", "KEEL_MODEL_KEY_FILE": "/no"},
    ],
)  # fmt: skip
def test_a_model_that_cannot_be_used_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(InputError, match="KEEL_MODEL"):
        model(wrong)


def test_addresses_are_read_from_the_environment_or_a_file_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "addresses").write_text("json://localhost/hook\nmailto://ann:SECRET@example.org\n")
    found = settings.notify({"KEEL_NOTIFY_FILE": str(tmp_path / "addresses")})
    assert found is not None
    assert found.addresses[1] == "mailto://ann:SECRET@example.org"
    assert "SECRET" not in repr(found)


def test_the_server_looks_every_so_often_or_never() -> None:
    assert [settings.watch_minutes(given) for given in ({}, {"KEEL_WATCH": "5"}, {"KEEL_WATCH": "0"})] == [15, 5, 0]
    with pytest.raises(InputError, match="KEEL_WATCH"):
        settings.watch_minutes({"KEEL_WATCH": "often"})
