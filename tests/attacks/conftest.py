"""The five places of the matrix, for lists that go through every address."""

from tests.matrix.conftest import places

__all__ = ["places"]
