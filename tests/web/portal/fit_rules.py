"""Rules for the tests of わが社に合う支援."""

from datetime import UTC, datetime

from madoguchi.eligibility import operations
from madoguchi.foundation.audit import SYSTEM
from tests.factories import an_edition

HERE = {"Sec-Fetch-Site": "same-origin"}
SOURCE = {"file": "g", "section": "1", "lines": "1-2"}
STAFF = {"fact": "employees", "at_most": 20, "because": "従業員が20人以下であること"}
AREA = {"fact": "area", "within": ["130001"], "because": "都内に事業所があること"}


def a_ruled_edition(slug, *conditions, source=SOURCE, **fields):
    """A published edition whose rule holds when all of these do."""
    edition = an_edition(slug, **fields)
    give_rule(edition, *conditions, source=source)
    return edition


def give_rule(edition, *conditions, source=SOURCE, **more):
    """Publish the rule of an edition."""
    operations.publish(
        programme=edition.programme,
        fiscal_year=edition.fiscal_year,
        document={"rule": {"source": source, "all": list(conditions)}, "definitions": [], **more},
        at=datetime(2023, 10, 1, tzinfo=UTC),
        by=SYSTEM,
    )


def tell(client, key, *values, then="", headers=HERE, **fields):
    """Answer one question."""
    address = f"/fit/question/{key}/"
    sent = {"value": list(values), "then": then, **fields}
    return client.post(address, sent, headers=headers)
