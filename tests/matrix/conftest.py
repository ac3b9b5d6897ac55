"""The five places, made once for each file; what its tests change is taken back."""

import pytest
from django.db import transaction

from tests.matrix import world


@pytest.fixture(scope="module")
def places(django_db_setup, django_db_blocker):
    """The five places."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            yield world.build()
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)
