"""An operator can ask whether the record of what was done still is as it was sealed."""

import json

import pytest
from django.db import connection

from madoguchi.foundation import sealer
from madoguchi.foundation.models import AuditEvent, AuditSeal
from madoguchi.ops import cli
from tests import minato

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sealed(data_dir):
    minato.loaded()
    sealer.seal(at=minato.AT)


def test_an_untouched_record_is_said_to_be_so(capsys):
    assert cli.main(["audit", "verify"]) == 0
    assert "おかしなところはありません" in capsys.readouterr().out


def test_a_deleted_event_is_named(capsys):
    last = AuditSeal.objects.order_by("-position").first().event_id
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE foundation_auditevent DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM foundation_auditevent WHERE id = %s", [last])
    assert not AuditEvent.objects.filter(pk=last).exists()
    assert cli.main(["audit", "verify", "--format", "json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [row["event"] for row in findings] == [last]
