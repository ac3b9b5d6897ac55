"""取り込み: what was read is reviewed beside its source; the secretariat alone, and nothing by itself."""

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.accounts.roles import Role
from madoguchi.institutions.models import Organisation
from madoguchi.results.models import Project
from madoguchi.reviewing.models import DraftField, ImportedDocument, SourceLine
from madoguchi.reviewing.operations.deciding import accept_certain
from tests.accounts.people import a_hat, an_organisation
from tests.factories import a_unit
from tests.importers.reports import PLACE
from tests.queries import cost
from tests.reviewing.drafts import AT, a_document, a_secretariat, accept_all, field, kept, plan, record
from tests.web.desk.signed_in import sign_in_as

pytestmark = pytest.mark.django_db
LIST = "/desk/imports/"


@pytest.fixture
def hat(client):
    hat = a_secretariat()
    sign_in_as(client, hat)
    return hat


@pytest.fixture
def document():
    return a_document()


def page_of(document, path=""):
    return f"{LIST}{document.key}/" + (f"{record(document, path).pk}/" if path else "")


def text_of(response):
    return response.content.decode().replace("<wbr>", "")


def upload(client, name="tsubame.txt", content=None, **data):
    content = (PLACE / "tsubame.txt").read_bytes() if content is None else content
    return client.post(LIST, {"file": SimpleUploadedFile(name, content), **data}, follow=True)


def act(client, document, path, one, what, *, version=None, **data):
    """Press a button of a field."""
    told = {"act": what, "version": version or one.version, **data}
    return client.post(f"{page_of(document, path)}{one.pk}/", told)


# ── Bringing a file ─────────────────────────────────────────────────────────────────────────────────
def test_a_file_is_brought_and_leads_to_what_was_found(client, hat):
    html = text_of(upload(client))
    assert "まだ公開していません" in html
    assert "つばめスタートアップ応援事業" in html
    assert not Project.objects.exists()
    assert ImportedDocument.objects.get().imported_by_label == hat.label


def test_the_same_file_again_says_that_nothing_changed(client, hat):
    upload(client)
    assert "何も変えていません" in text_of(upload(client, name="other-name.txt"))
    assert ImportedDocument.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("picture.png", b"\x89PNG\r\n\x1a\n123", "PDF かテキスト"),
        ("report.pdf", b"%PDF-1.7 broken", "文字を読み取れません"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(client, hat, name, content, said):
    response = upload(client, name, content)
    assert response.status_code == 422
    assert said in text_of(response)
    assert not ImportedDocument.objects.exists()


def test_without_a_file_one_is_asked_for(client, hat):
    assert "ファイルを選んでください" in text_of(client.post(LIST, {}))


def test_the_year_can_be_told_and_must_be_a_year(client, hat):
    assert upload(client, fiscal_year="令和").status_code == 422
    upload(client, fiscal_year="2021")
    assert ImportedDocument.objects.get().fiscal_year == 2021


# ── The report ──────────────────────────────────────────────────────────────────────────────────────
def test_the_report_names_what_was_found_and_every_disagreement(client, hat, document):
    html = text_of(client.get(page_of(document)))
    assert "47,653千円" in html
    assert "47,635千円" in html
    assert "不一致" in html
    for note in document.notes:
        assert note["sentence"] in html
    assert f"すべて {document.records.count()}" in html


def test_a_correction_reconciles_the_sum_at_once(client, hat, document):
    one = field(document, "Ⅱ", "subtotal")
    act(client, document, "Ⅱ", one, "correct", value="47,635")
    assert "不一致" not in text_of(client.get(page_of(document)))


def test_the_unsure_come_first_when_asked(client, hat, document):
    DraftField.objects.filter(record__path="Ⅱ/5", what__in=["name", "cost"]).update(confidence="0.5")
    DraftField.objects.exclude(record__path="Ⅱ/5").update(confidence=1)
    html = text_of(client.get(f"{page_of(document)}?show=unsure"))
    rows = html.split("読み取ったもの</caption>")[1]
    assert re.findall(r"row-head[^>]*><a[^>]*>([^<]+)", rows) == ["Ⅱ-5　ＥＣ販売強化事業"]


def test_a_note_leads_to_the_record_in_whose_lines_it_stands(client, hat, document):
    html = text_of(client.get(page_of(document)))
    assert f'href="{page_of(document, "Ⅱ")}">見くらべる' in html


# ── One record ──────────────────────────────────────────────────────────────────────────────────────
def test_the_source_stands_beside_the_fields_with_its_lines_marked(client, hat, document):
    one = field(document, "Ⅰ/1", "value", about="講座の受講者", year="2022")
    html = text_of(client.get(page_of(document, "Ⅰ/1")))
    assert "講座の受講者（令和4年度）" in html
    assert re.search(rf'id="l{one.first_line}" class="is-marked"', html)
    assert "成果指標　R3実績　R4目標　R4実績" in html
    chosen = text_of(client.get(f"{page_of(document, 'Ⅰ/1')}?field={one.pk}"))
    assert re.search(rf'id="l{one.first_line}" class="is-chosen"', chosen)


def test_fields_are_accepted_corrected_rejected_and_reopened_by_plain_forms(client, hat, document):
    name, money = field(document, "Ⅰ/1", "name"), field(document, "Ⅰ/1", "cost")
    response = act(client, document, "Ⅰ/1", name, "accept")
    assert (response.status_code, response.url) == (302, f"{page_of(document, 'Ⅰ/1')}#f{name.pk}")
    act(client, document, "Ⅰ/1", money, "correct", value="1,000")
    html = text_of(client.get(page_of(document, "Ⅰ/1")))
    assert re.search("<del>12,340千円</del> → <b>1,000千円</b>", html)
    act(client, document, "Ⅰ/1", name, "reject", version=2)
    name.refresh_from_db()
    assert name.state == "rejected"
    act(client, document, "Ⅰ/1", name, "reopen", version=3)
    name.refresh_from_db()
    assert name.state == "open"
    assert act(client, document, "Ⅰ/1", name, "publish", version=4).status_code == 404


def test_what_cannot_be_read_stays_in_the_field_with_why(client, hat, document):
    response = act(client, document, "Ⅰ/1", field(document, "Ⅰ/1", "cost"), "correct", value="たくさん")
    assert response.status_code == 422
    assert 'value="たくさん"' in text_of(response)
    assert "金額として読み取れません" in text_of(response)


def test_a_second_reviewer_is_told_that_somebody_was_faster(client, hat, document):
    name = field(document, "Ⅰ/1", "name")
    act(client, document, "Ⅰ/1", name, "accept")
    response = act(client, document, "Ⅰ/1", name, "reject", version=1)
    assert response.status_code == 409
    assert "先に更新しました" in text_of(response)
    name.refresh_from_db()
    assert name.state == "accepted"


def test_htmx_gets_the_field_alone_also_with_what_was_refused(client, hat, document):
    name = field(document, "Ⅰ/1", "name")
    url = f"{page_of(document, 'Ⅰ/1')}{name.pk}/"
    html = text_of(client.post(url, {"act": "accept", "version": 1}, HTTP_HX_REQUEST="true"))
    assert html.startswith("<form")
    assert "決めなおす" in html
    again = client.post(url, {"act": "reject", "version": 1}, HTTP_HX_REQUEST="true")
    assert again.status_code == 200
    assert "先に更新しました" in text_of(again)


def test_the_certain_are_accepted_at_once_and_taken_over(client, hat, document):
    DraftField.objects.update(confidence=1)
    assert "まとめて" in text_of(client.get(page_of(document)))
    html = text_of(client.post(page_of(document), {"act": "accept_certain"}, follow=True))
    assert "すべての欄を確かめました" in html
    html = text_of(client.post(page_of(document), {"act": "take_over"}, follow=True))
    assert f"{document.records.count()}件を下書きとして取り込みました" in html
    assert Project.objects.filter(is_draft=True).count() == 5
    assert "取り込めるものがありません" in text_of(
        client.post(page_of(document), {"act": "take_over"}, follow=True)
    )


def test_a_record_is_taken_over_only_when_all_is_decided(client, hat, document):
    page = page_of(document, "Ⅰ/1")
    assert "まだ確かめていない欄" in text_of(client.post(page, {"act": "take_over"}, follow=True))
    accept_all(record(document, "Ⅰ/1"), hat)
    html = text_of(client.post(page, {"act": "take_over"}, follow=True))
    assert "取り込みました" in html
    assert "決めなおす" not in html


# ── Guidebooks ──────────────────────────────────────────────────────────────────────────────────────
def test_accepted_programmes_are_offered_as_a_file_for_the_pack(client, hat):
    guide = a_document("guide")
    assert "地域パックの下書きを受け取る" in text_of(client.get(page_of(guide)))
    accept_certain(document=guide, hat=hat, at=AT)
    response = client.get(f"{LIST}{guide.key}/programmes.yaml")
    assert "attachment" in response["Content-Disposition"]
    assert "ものづくり設備導入補助金" in text_of(response)


def test_a_report_has_no_file_for_the_pack(client, hat, document):
    assert client.get(f"{LIST}{document.key}/programmes.yaml").status_code == 404


# ── Who ─────────────────────────────────────────────────────────────────────────────────────────────
def everybody_else(hat):
    office = Organisation.objects.get(pk=hat.organisation_id)
    yield a_hat(at=AT, organisation=office, role=Role.OFFICER, unit=a_unit("other", office))
    yield a_hat(at=AT, organisation=an_organisation(), role=Role.MANAGER)


def test_strangers_and_other_units_find_nothing(client, document):
    hat = a_secretariat()
    one = field(document, "Ⅰ/1", "name")
    pages = [LIST, page_of(document), page_of(document, "Ⅰ/1"), f"{LIST}{document.key}/programmes.yaml"]
    for other in everybody_else(hat):
        sign_in_as(client, other)
        assert [client.get(page).status_code for page in pages] == [404] * len(pages)
        assert act(client, document, "Ⅰ/1", one, "accept").status_code == 404
        assert upload(client).status_code == 404
        assert 'href="/desk/imports/"' not in text_of(client.get("/desk/"))


def test_an_adviser_is_refused(client, document):
    hat = a_secretariat()
    office = Organisation.objects.get(pk=hat.organisation_id)
    sign_in_as(client, a_hat(at=AT, organisation=office, role=Role.ADVISER))
    assert client.get(page_of(document)).status_code == 403


def test_a_field_of_another_record_is_not_found(client, hat, document):
    one = field(document, "Ⅰ/1", "name")
    assert act(client, document, "Ⅰ/2", one, "accept").status_code == 404
    guide = a_document("guide")
    assert client.get(f"{LIST}{guide.key}/{record(document, 'Ⅰ/1').pk}/").status_code == 404


def test_the_header_leads_there(client, hat):
    assert 'href="/desk/imports/"' in text_of(client.get(LIST))


# ── How much ────────────────────────────────────────────────────────────────────────────────────────
def copies(document, count):
    """The same document under other hashes."""
    for number in range(count):
        kept(plan=replace(plan(), sha256=f"{number:064d}"))


def test_the_list_costs_the_same_for_one_document_and_twenty(client, hat, document):
    client.get(LIST)
    one = cost(lambda: client.get(LIST))
    copies(document, 19)
    assert cost(lambda: client.get(LIST)) == one


def test_the_report_costs_the_same_for_one_record_and_twenty(client, hat, document):
    client.get(page_of(document))
    few = cost(lambda: client.get(page_of(document)))
    listing = record(document, "Ⅰ")
    for number in range(10, 30):
        row = document.records.create(
            path=f"Ⅰ/{number}", kind="project", within=listing, position=number, name="事業", spans=[[1, 1]]
        )
        row.fields.create(what="cost", position=0, value="1000", confidence=1, first_line=1, last_line=1)
    assert cost(lambda: client.get(page_of(document))) == few


def test_a_record_costs_the_same_for_few_fields_and_many(client, hat, document):
    page = page_of(document, "Ⅰ/1")
    client.get(page)
    few = cost(lambda: client.get(page))
    row = record(document, "Ⅰ/1")
    for number in range(20):
        row.fields.create(
            what="url", number=number, position=90, value="u", confidence=1, first_line=1, last_line=1
        )
    assert cost(lambda: client.get(page)) == few
    assert SourceLine.objects.filter(document=document).count() > 20
