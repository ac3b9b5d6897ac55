"""What comes in by the doors for files: kept only if of a known kind, and never handed out to be run."""

import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.accounts.roles import Role
from madoguchi.businesses.models import BroughtList
from madoguchi.consultations import files as kinds
from madoguchi.consultations import tasks
from madoguchi.consultations.kinds import Scan
from madoguchi.consultations.models import Attachment, Note, ReportTemplate
from madoguchi.consultations.operations import attaching
from tests.attacks.files import EICAR, NO_TABLES, REFUSED, TAKEN
from tests.consultations.cases import a_taken_case
from tests.web.desk.signed_in import a_desk

pytestmark = pytest.mark.django_db
DOORS = {"/desk/businesses/import/": BroughtList, "/desk/monthly/template/": ReportTemplate}
# A scanner as an installation names one: 1 for infected, 0 for clean.
SCANNER = f"{sys.executable} -c \"import sys; sys.exit(b'EICAR' in open(sys.argv[1], 'rb').read())\""


@pytest.fixture
def case(client, data_dir):
    return a_taken_case(a_desk(client, role=Role.MANAGER))


def send(client, case, name, content):
    """Send a file with a note, as a browser would that lies about its kind."""
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    entry = {"body": "見積書", "visibility": "shared", "files": [file], "once": name.encode().hex()[:60]}
    return client.post(f"/desk/cases/{case.key}/record/", entry)


def taken(client, case, file):
    return client.get(f"/desk/cases/{case.key}/files/{file.key}/")


@pytest.mark.parametrize("kind", REFUSED)
def test_a_harmful_file_is_refused_and_nothing_of_it_is_kept(client, case, data_dir, kind):
    assert send(client, case, *REFUSED[kind]).status_code == 422
    assert not Note.objects.exists()
    assert [path for path in data_dir.rglob("*") if path.is_file()] == []


def test_without_looking_at_the_content_it_would_be_kept(client, case, monkeypatch):
    """The twin: by its name and what the browser says it is a document."""
    monkeypatch.setattr(attaching, "media_type_of", lambda name, content: "application/pdf")
    assert send(client, case, *REFUSED["a program in disguise"]).status_code == 302
    assert Attachment.objects.exists()


@pytest.mark.parametrize("kind", TAKEN)
def test_a_file_of_two_kinds_is_named_as_what_it_is_taken_for_and_runs_nowhere(client, case, kind):
    name, content, kept = TAKEN[kind]
    assert send(client, case, name, content).status_code == 302
    file = Attachment.objects.get()
    assert file.name == kept
    response = taken(client, case, file)
    assert b"".join(response.streaming_content) == content
    response.close()
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_without_naming_it_a_picture_would_come_back_as_a_page(client, case, monkeypatch):
    """The twin."""
    monkeypatch.setattr(attaching, "named_as", lambda name, media_type: name)
    name, content, _kept = TAKEN["a picture and a page"]
    send(client, case, name, content)
    assert Attachment.objects.get().name == "a.html"


@pytest.mark.parametrize(
    ("name", "media_type"), [("図.PNG", "image/png"), ("a.jpeg", "image/jpeg"), ("a.csv", "text/csv")]
)
def test_an_honest_name_stays(name, media_type):
    assert kinds.named_as(name, media_type) == name


def test_a_file_too_large_is_refused(client, case, monkeypatch):
    monkeypatch.setattr(attaching, "MOST_BYTES", 100)
    assert send(client, case, "a.pdf", b"%PDF-".ljust(101, b"0")).status_code == 422
    assert send(client, case, "a.pdf", b"%PDF-".ljust(100, b"0")).status_code == 302


def test_a_virus_is_found_and_handed_out_at_no_moment(client, case, settings):
    settings.VIRUS_SCANNER = SCANNER
    send(client, case, "a.txt", EICAR)
    send(client, case, "b.txt", "普通の文".encode())
    virus, harmless = Attachment.objects.order_by("pk")
    assert [taken(client, case, file).status_code for file in (virus, harmless)] == [404, 404]
    assert tasks.scan_files() == 2
    assert [file.scan for file in Attachment.objects.order_by("pk")] == [Scan.INFECTED, Scan.CLEAN]
    assert taken(client, case, virus).status_code == 404
    answer = taken(client, case, harmless)
    assert answer.status_code == 200
    answer.close()


def test_a_scanner_that_does_not_answer_lets_nothing_out(client, case, settings):
    settings.VIRUS_SCANNER = "/nowhere/scanner"
    send(client, case, "a.txt", b"text")
    tasks.scan_files()
    assert taken(client, case, Attachment.objects.get()).status_code == 404


def test_without_a_scanner_the_virus_would_be_handed_out(client, case):
    """The twin: it is the scanner that finds it."""
    send(client, case, "a.txt", EICAR)
    answer = taken(client, case, Attachment.objects.get())
    assert answer.status_code == 200
    answer.close()


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", NO_TABLES)
def test_a_door_for_tables_takes_nothing_else(client, case, door, kind):
    name, content = NO_TABLES[kind]
    response = client.post(door, {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 422
    assert not DOORS[door].objects.exists()
