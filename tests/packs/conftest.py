import pytest

from tests import minato


@pytest.fixture
def pack(tmp_path):
    """A copy of the fictional pack."""
    return minato.copied(tmp_path)
