"""Bytes off the disk: a file of bearable size, or a sentence."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from keel.errors import ImportFormatError
from keel.sources.files.disk import read_bytes


def test_a_file_is_read_up_to_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 10)
    assert read_bytes(tmp_path / "a", limit=10) == b"x" * 10
    with pytest.raises(ImportFormatError, match="a is 0 MB, more than the 0 MB"):
        read_bytes(tmp_path / "a", limit=9)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ImportFormatError, match=r"gone\.csv was not found\."):
        read_bytes(tmp_path / "gone.csv")
    with pytest.raises(ImportFormatError, match="it is a folder"):
        read_bytes(tmp_path)
    with pytest.raises(ImportFormatError, match="cannot be read"):
        read_bytes(Path("a\0b"))


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom", "/dev/null"])
def test_a_device_is_refused_before_it_is_read(device: str) -> None:
    with pytest.raises(ImportFormatError, match="it is a device, not a file"):
        read_bytes(Path(device))


def test_a_pipe_that_nobody_writes_to_does_not_wait_for_ever(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ImportFormatError, match="pipe cannot be read: it is a pipe, and nobody writes to it"):
        read_bytes(tmp_path / "pipe")


def test_what_is_written_to_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    data = bytes(range(256)) * 1_000  # more than a pipe holds at once
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(data,))
    writer.start()
    assert read_bytes(tmp_path / "pipe") == data
    writer.join()


def test_a_pipe_without_a_name_is_read_though_its_writer_has_left() -> None:
    reading, writing = os.pipe()
    try:
        os.write(writing, b"date,SPY")
        os.close(writing)
        assert read_bytes(Path(f"/dev/fd/{reading}")) == b"date,SPY"
    finally:
        os.close(reading)


def test_a_pipe_that_never_ends_is_read_to_the_limit_only(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    both = os.open(tmp_path / "pipe", os.O_RDWR)
    try:
        os.write(both, b"y\n" * 1_000)
        with pytest.raises(ImportFormatError, match="more than the 0 MB"):
            read_bytes(tmp_path / "pipe", limit=100)
    finally:
        os.close(both)


def test_a_file_that_hides_its_size_is_read_to_the_limit_only() -> None:
    endless = Path("/proc/self/status")  # says 0 bytes
    if endless.exists():
        with pytest.raises(ImportFormatError, match="more than the"):
            read_bytes(endless, limit=10)
