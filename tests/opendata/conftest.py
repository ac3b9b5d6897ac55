import pytest

from tests import minato


@pytest.fixture
def loaded(db):
    """The fictional pack, loaded."""
    minato.loaded()
