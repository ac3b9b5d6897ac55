import pytest

from madoguchi.opendata import changes
from madoguchi.ops.static_site import building
from tests import minato


@pytest.fixture
def copy(db, tmp_path, settings):
    """The fictional region as files; made again by calling."""
    settings.INDEX_DIR = tmp_path / "index"
    minato.loaded()
    changes.follow(at=minato.AT)

    def make():
        return building.publish(tmp_path / "site", base="https://copy.example", tell=lambda _count: None)

    make.place = tmp_path / "site"
    return make
