import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from madoguchi.catalogue.models import Edition, Programme
from madoguchi.catalogue.operations import EditionContent, publish
from madoguchi.catalogue.states import EditionState
from madoguchi.foundation import audit

AT = datetime(2025, 6, 10, 3, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


@pytest.fixture
def a_programme(db):
    return Programme.objects.create(slug="hojo", name="設備の補助", content_hash="x")


@pytest.fixture
def content():
    """The least an edition says; with keywords, columns that differ."""

    def make(**columns) -> EditionContent:
        least = {
            "name": "設備の補助",
            "kinds": ["subsidy"],
            "areas": ["000000"],
            "summary": "機械を買う費用を補助します。",
            "easy": "お金をたします。",
            "reception_mode": "not_stated",
            "sources": [],
        }
        return EditionContent(
            columns={**least, **columns},
            content_hash=hashlib.sha256(repr(sorted(columns.items())).encode()).hexdigest(),
            frames=[{"name": "通常枠", "cap_yen": 1_000_000, "rate": "1/2"}],
            windows=[{"opens_at": AT, "closes_at": None}],
            contacts=[{"label": "係", "telephone": "0857-00-0001"}],
            roles=[{"role": "payee", "text": "中小企業"}],
        )

    return make


@pytest.fixture
def published(a_programme, content):
    """Publish an edition of the programme."""

    def make(*, fiscal_year=2025, programme=a_programme, at=AT, **columns):
        return publish(
            programme=programme, fiscal_year=fiscal_year, content=content(**columns), at=at, by=audit.SYSTEM
        )

    return make


def states():
    """Revision and state of every edition, by year."""
    return list(Edition.objects.order_by("fiscal_year", "revision").values_list("revision", "state"))


def draft(programme, content, *, revision=1):
    """A draft of 2025 without rows."""
    return Edition.objects.create(
        programme=programme,
        fiscal_year=2025,
        revision=revision,
        state=EditionState.DRAFT,
        content_hash="d",
        **content().columns,
    )


def unguard(table, *triggers):
    """Take protections off, for a twin that shows what they prevent."""
    with connection.cursor() as cursor:
        for trigger in triggers:
            drop = f"DROP TRIGGER {trigger}"
            cursor.execute(drop if connection.vendor == "sqlite" else f"{drop} ON {table}")
