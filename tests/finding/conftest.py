import pytest

from madoguchi.finding import indexing
from tests import minato


@pytest.fixture
def index(tmp_path, settings):
    """An index of this test alone."""
    settings.INDEX_DIR = tmp_path / "index"
    return settings.INDEX_DIR


@pytest.fixture
def pack(tmp_path, db, index):
    """The fictional pack, loaded and indexed; a copy that the test may change."""
    pack = minato.copied(tmp_path)
    minato.loaded(pack)
    indexing.follow()
    return pack
