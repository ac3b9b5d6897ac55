from datetime import date

import pytest


@pytest.fixture
def in_november(settings):
    """The day the sample pages are read on: Wednesday 1 November 2023."""
    settings.TODAY = date(2023, 11, 1)
