"""支援制度: an officer writes, looks at and publishes; nothing typed is lost, nobody else comes in."""

import re

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.catalogue.models import Edition
from madoguchi.editing.models import Draft
from madoguchi.editing.operations import writing
from madoguchi.editing.states import DraftState
from madoguchi.foundation.audit import SYSTEM
from tests.editing.town import AT, YEAR, a_draft, a_region_with_words, a_town, an_officer, hand_on, published
from tests.factories import PREFECTURE
from tests.queries import cost
from tests.web.desk.signed_in import sign_in_as

pytestmark = pytest.mark.django_db
LIST = "/desk/programmes/"
TYPED = {
    "name": "店がまえ応援補助金",
    "kinds": ["subsidy"],
    "who": "町内の店",
    "summary": "店を直す費用の一部を町が補助します。",
    "easy": "お店を直すお金を町がたします。",
    "mode": "window",
    "areas": [PREFECTURE],
    "frames-count": "1",
    "frames-0-rate": "３分の２",
    "frames-0-cap": "300万円",
    "windows-count": "1",
    "windows-0-opens_on": "2026-06-01",
    "windows-0-closes_on": "2026-07-31",
    "contacts-count": "1",
    "contacts-0-label": "商工係",
    "contacts-0-telephone": "０１７８－００－０００１",
}


@pytest.fixture
def town():
    a_region_with_words()
    return a_town()


@pytest.fixture
def officer(client, town):
    hat = an_officer(town)
    sign_in_as(client, hat)
    return hat


def text_of(response):
    return response.content.decode().replace("<wbr>", "")


def begun(client, **data) -> Draft:
    response = client.post(f"{LIST}begin/", {"fiscal_year": YEAR, **data})
    assert response.status_code == 302, text_of(response)[:500]
    return Draft.objects.order_by("-pk").first()


def page_of(draft, path=""):
    return f"{LIST}drafts/{draft.key}/{path}"


def save(client, draft, go="save", **changes):
    draft.refresh_from_db()
    return client.post(page_of(draft), {**TYPED, "version": draft.version, "go": go, **changes})


# ── The story ───────────────────────────────────────────────────────────────────────────────────────
def test_an_officer_writes_a_subsidy_and_a_second_person_approves_it(client, town, officer, settings):
    writing.wish(organisation=town, needs_second=True, at=AT, by=SYSTEM)
    draft = begun(client)
    assert save(client, draft, go="publish").url == page_of(draft, "publish/")
    draft.refresh_from_db()
    preview = text_of(client.get(page_of(draft, "preview/?on=2026-06-10")))
    assert "これは下書きです" in preview
    assert 'content="noindex"' in preview
    assert "300万円" in preview
    assert "0178-00-0001" in preview
    client.post(page_of(draft, "publish/"), {"hand_on": "1", "version": draft.version})
    assert published() == []
    sign_in_as(client, an_officer(town))
    draft.refresh_from_db()
    assert "確認して公開する" in text_of(client.get(page_of(draft, "publish/")))
    client.post(page_of(draft, "publish/"), {"approve": "1", "version": draft.version})
    [edition] = published()
    page = text_of(client.get(f"/programmes/{edition.programme.slug}/"))
    assert "店がまえ応援補助金" in page
    assert "この内容はみなと町が書いています。" in page
    assert "これは下書きです" not in page
    history = text_of(client.get(f"{LIST}{edition.programme.slug}/{YEAR}/"))
    assert "みなと町" in history
    assert officer.label in history


def test_what_was_typed_is_kept_in_the_words_of_the_document(client, officer):
    draft = begun(client)
    save(client, draft)
    draft.refresh_from_db()
    told = draft.document
    assert told["frames"] == [{"name": "店がまえ応援補助金", "rate": "2/3", "cap_yen": 3_000_000}]
    assert told["reception"] == {
        "mode": "window",
        "windows": [{"opens_at": "2026-06-01T00:00", "closes_at": "2026-08-01T00:00"}],
    }
    assert told["contacts"] == [{"label": "商工係", "telephone": "0178-00-0001"}]
    html = text_of(client.get(page_of(draft)))
    for value in ("300万円", "2/3", "2026-07-31", "0178-00-0001"):
        assert f'value="{value}"' in html


def test_a_row_is_added_and_removed_and_everything_typed_stays(client, officer):
    draft = begun(client)
    html = text_of(
        client.post(page_of(draft), {**TYPED, "version": 1, "add": "frames", "summary": "途中の文"})
    )
    assert 'name="frames-count" value="2"' in html
    assert "途中の文" in html
    assert "３分の２" in html
    more = {"frames-count": "2", "frames-1-cap": "50万円", "remove": "frames-0"}
    html = text_of(client.post(page_of(draft), {**TYPED, "version": 1, **more}))
    assert 'name="frames-count" value="1"' in html
    assert "50万円" in html
    assert "３分の２" not in html


def test_an_amount_that_cannot_be_read_is_told_at_its_field_and_nothing_is_lost(client, officer):
    draft = begun(client)
    response = save(client, draft, **{"frames-0-cap": "たくさん"})
    assert response.status_code == 422
    html = text_of(response)
    assert "金額として読み取れません" in html
    assert 'value="たくさん"' in html
    assert "町内の店" in html


def test_what_is_missing_is_told_at_its_field_once_it_is_to_be_published(client, officer):
    draft = begun(client)
    response = save(client, draft, go="publish", easy="")
    assert response.status_code == 422
    assert 'id="id_easy_error"' in text_of(response)
    assert response.context["draft"].document["name"] == "店がまえ応援補助金"


def test_the_same_draft_saved_elsewhere_meanwhile_is_not_overwritten(client, officer):
    draft = begun(client)
    save(client, draft)
    response = client.post(page_of(draft), {**TYPED, "version": 1, "name": "別の名前"})
    assert response.status_code == 409
    assert "別の名前" in text_of(response)


def test_what_was_kept_while_typing_comes_back(client, officer):
    draft = begun(client)
    client.post(f"/desk/drafts/programme:{draft.key}/", {**TYPED, "version": 1, "frames-count": "2"})
    html = text_of(client.get(page_of(draft)))
    assert "町内の店" in html
    assert 'name="frames-count" value="2"' in html
    assert "までの入力が残っています" in html


def test_a_correction_begins_with_what_is_public(client, officer):
    draft = begun(client)
    save(client, draft)
    hand_on(Draft.objects.get(), officer)
    [edition] = published()
    again = begun(client, edition=edition.pk)
    assert again.document["summary"] == edition.summary
    assert f"{LIST}{edition.programme.slug}/{YEAR}/" in text_of(client.get(LIST))


def test_it_is_undone_and_taken_off_from_the_history(client, officer):
    hand_on(a_draft(officer), officer)
    [first] = published()
    hand_on(a_draft(officer, edition=first, who="まちがい"), officer)
    page = f"{LIST}{first.programme.slug}/{YEAR}/"
    assert "<ins>まちがい</ins>" in text_of(client.get(page))
    client.post(page, {"act": "bring_back", "edition": first.pk, "seen": published()[0].pk})
    assert published()[0].who == ""
    client.post(page, {"act": "take_off", "edition": published()[0].pk})
    assert published() == []
    assert "公開していません" in text_of(client.get(page))


def test_a_draft_is_planned_for_a_day(client, officer):
    draft = a_draft(officer)
    client.post(
        page_of(draft, "publish/"), {"hand_on": "1", "version": draft.version, "publish_on": "2099-04-01"}
    )
    draft.refresh_from_db()
    assert draft.state == DraftState.PLANNED
    assert "4月1日" in text_of(client.get(page_of(draft, "publish/")))


def test_a_day_that_has_passed_is_refused_in_a_sentence(client, officer):
    draft = a_draft(officer)
    response = client.post(
        page_of(draft, "publish/"), {"hand_on": "1", "version": draft.version, "publish_on": "2001-04-01"}
    )
    assert response.status_code == 422
    assert "いまより後" in text_of(response)


def test_a_discarded_draft_is_gone_from_the_list(client, officer):
    draft = a_draft(officer)
    client.post(page_of(draft), {"version": draft.version, "go": "discard"})
    assert "店がまえ応援補助金" not in text_of(client.get(LIST))


def test_the_preview_may_be_framed_by_the_site_alone(client, officer):
    draft = a_draft(officer)
    response = client.get(page_of(draft, "preview/"))
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get(LIST)["Content-Security-Policy"]


# ── Who ─────────────────────────────────────────────────────────────────────────────────────────────
def test_another_institution_meets_nothing(client, town):
    mine = an_officer(town)
    draft = a_draft(mine)
    hand_on(a_draft(mine, name="別"), mine)
    [edition] = published()
    sign_in_as(client, an_officer(a_town("とおい町")))
    for path in ("", "look/", "preview/", "publish/"):
        assert client.get(page_of(draft, path)).status_code == 404
    assert client.get(f"{LIST}{edition.programme.slug}/{YEAR}/").status_code == 404
    client.post(f"{LIST}begin/", {"fiscal_year": YEAR, "edition": edition.pk})
    assert Draft.objects.count() == 2


def test_an_adviser_and_a_visitor_do_not_come_in(client, town):
    assert client.get(LIST).status_code == 302
    sign_in_as(client, an_officer(town, Role.ADVISER))
    assert client.get(LIST).status_code == 403


def test_a_manager_says_whether_two_are_wanted_and_an_officer_does_not(client, town, officer):
    assert client.post(f"{LIST}wish/", {"needs_second": "1"}).status_code == 403
    sign_in_as(client, an_officer(town, Role.MANAGER))
    client.post(f"{LIST}wish/", {"needs_second": "1"})
    assert re.search(r'name="needs_second"[^>]*checked', text_of(client.get(LIST)))


def test_the_list_costs_the_same_for_one_and_for_twenty(client, town, officer):
    def publish(number):
        for _each in range(number):
            hand_on(a_draft(officer, name=f"制度{Edition.objects.count()}"), officer)
            a_draft(officer)

    publish(1)
    few = cost(lambda: client.get(LIST))
    publish(8)
    assert cost(lambda: client.get(LIST)) == few
