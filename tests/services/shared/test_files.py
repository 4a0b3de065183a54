"""Files kept for background work: there while it runs, gone after, and said so."""

from __future__ import annotations

from pathlib import Path

import pytest

from keel.errors import InputError
from keel.services.shared.files import keep, kept


def test_files_wait_for_the_work_and_are_gone_after(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("from a place")
    request = keep([("a.csv", b"from memory"), ("b.csv", tmp_path / "p.csv")])
    with kept(request) as files:
        assert [(name, path.read_text()) for name, path in files] == [
            ("a.csv", "from memory"),
            ("b.csv", "from a place"),
        ]
    assert not Path(str(request["folder"])).exists()
    assert (tmp_path / "p.csv").exists()
    with pytest.raises(InputError, match="no longer here"), kept(request):
        pass
