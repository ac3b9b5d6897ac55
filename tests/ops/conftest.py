import json
from types import SimpleNamespace

import pytest

from madoguchi.finding import indexing
from madoguchi.ops import cli
from tests import minato


@pytest.fixture
def run(capsys):
    """Run one command; its exit code and what it wrote."""

    def go(*arguments):
        capsys.readouterr()
        try:
            code = cli.main(arguments)
        except SystemExit as leaving:
            code = leaving.code
        written = capsys.readouterr()
        return SimpleNamespace(
            code=code, out=written.out, err=written.err, json=lambda: json.loads(written.out)
        )

    return go


@pytest.fixture
def home(tmp_path, settings):
    """A data directory of this test alone."""
    settings.DATA_DIR = tmp_path / "data"
    settings.INDEX_DIR = settings.DATA_DIR / "index"
    settings.STATIC_ROOT = settings.DATA_DIR / "static"
    settings.BELIEVED_TODAY_FILE = settings.DATA_DIR / "believed-today"
    return settings.DATA_DIR


@pytest.fixture
def installed(db, home):
    """An installation with the fictional pack."""
    minato.loaded()
    indexing.follow()
    return home
