from datetime import UTC, datetime

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.businesses.choices import Source
from madoguchi.businesses.operations.register import change
from madoguchi.foundation.audit import Actor
from tests.accounts.people import a_hat, an_organisation
from tests.businesses.businesses import registered_for

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
ADVISER = Actor(id="7", label="窓口 花子")
NUMBER, ANOTHER_NUMBER = "5835678256246", "2000012010019"


@pytest.fixture
def ours():
    return an_organisation("みほん商工会")


@pytest.fixture
def theirs():
    return an_organisation("となり商工会")


@pytest.fixture
def adviser(ours):
    return a_hat(at=AT, organisation=ours)


@pytest.fixture
def manager(ours):
    return a_hat(at=AT, organisation=ours, role=Role.MANAGER)


@pytest.fixture
def registered(ours):
    def act(organisation=ours, **values):
        return registered_for(organisation, at=AT, by=ADVISER, **values)

    return act


@pytest.fixture
def changed():
    def act(business, *, seen_version=None, source=Source.STAFF, at=AT, **values):
        return change(
            business=business,
            values=values,
            seen_version=seen_version or business.version,
            source=source,
            at=at,
            by=ADVISER,
        )

    return act
