"""The fictional pack with its rules."""

from datetime import UTC, date, datetime

import pytest

from madoguchi.eligibility import rulebook
from madoguchi.eligibility.rulebook import Rulebook
from tests.minato import loaded

ON = date(2025, 6, 10)
AT = datetime(2025, 6, 10, 3, tzinfo=UTC)


@pytest.fixture
def minato_rules(db: None) -> Rulebook:
    """The rulebook after the fictional pack was loaded."""
    loaded()
    return rulebook.current()
