import pytest

from madoguchi.finding import indexing
from tests import minato


@pytest.fixture
def installed(db, tmp_path, settings):
    """The fictional pack, loaded and indexed."""
    settings.INDEX_DIR = tmp_path / "index"
    minato.loaded()
    indexing.follow()


@pytest.fixture
def get(client, installed):
    """Ask the API."""

    def go(**parameters):
        return client.get("/api/v1/search", parameters)

    return go
