"""The site with its protection against races taken off: what would happen without it."""

import time

from madoguchi.config.wsgi import application
from madoguchi.consultations.models import Involvement
from madoguchi.consultations.operations import moves

__all__ = ["application"]


def apply_without_comparing(involvement, to, *, by, at, **columns):
    """Write the state whatever it is by now, a little later than it was read."""
    time.sleep(0.05)
    Involvement.objects.filter(pk=involvement.pk).update(state=to, **columns)
    involvement.refresh_from_db()


moves.apply = apply_without_comparing
