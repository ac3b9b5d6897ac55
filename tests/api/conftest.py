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


@pytest.fixture(autouse=True)
def unlimited(settings):
    """Tests ask more often than any visitor; test_limits.py sets its own."""
    settings.API_PER_MINUTE = 0
