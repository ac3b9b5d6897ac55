import os

import pytest

from madoguchi.foundation import files, secret_key


def test_a_file_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "folder" / "file"
    files.write_atomically(path, b"old")
    files.write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(path.parent) == ["file"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "file"
    files.write_atomically(path, b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_lines_are_added_at_the_end(tmp_path):
    path = tmp_path / "folder" / "lines"
    files.append_durably(path, b"1\n")
    files.append_durably(path, b"2\n")
    assert path.read_bytes() == b"1\n2\n"


def test_a_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path):
    key = secret_key.kept_in(tmp_path / "data")
    assert len(key) > 50
    assert secret_key.kept_in(tmp_path / "data") == key
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o777 == 0o600
