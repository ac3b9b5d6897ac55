import re
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.catalogue.models import EditionContact, Frame, Programme, ReceptionWindow
from madoguchi.catalogue.states import EditionState, ReceptionMode
from tests.factories import (
    a_desk,
    a_project,
    a_region,
    a_source,
    a_term,
    a_unit,
    an_edition,
    an_event,
    an_organisation,
)

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(autouse=True)
def _in_november(settings):
    settings.TODAY = date(2023, 11, 1)


def page(client, address="/programmes/programme/", status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def words(html):
    main = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", main))


def a_deadline(closes_at):
    """A published edition that closes then."""
    edition = a_draft(reception_mode=ReceptionMode.WINDOW)
    ReceptionWindow.objects.create(edition=edition, position=0, closes_at=closes_at)
    publish(edition)
    return edition


def a_draft(**fields):
    return an_edition(state=EditionState.DRAFT, **fields)


def publish(edition):
    edition.state = EditionState.PUBLISHED
    edition.save()


def test_an_owner_finds_the_telephone_before_everything_else(client):
    an_edition(telephone="03-1234-5678", headline="上限100万円")
    html = page(client)
    assert html.index('href="tel:0312345678"') < html.index("費用の一部を補助します。</p>")
    assert html.index('href="tel:0312345678"') < html.index("上限100万円")


def test_an_owner_sees_the_limits_of_both_years(client):
    programme = Programme.objects.create(slug="programme", name="経営革新")

    def limit(text):
        return [{"text": "従業員が次の数以下", "rows": [{"label": "卸売業", "text": text}]}]

    an_edition(programme=programme, fiscal_year=2021, requirements=limit("100人以下"))
    an_edition(programme=programme, requirements=limit("400人以下"))
    text = words(page(client))
    changed = text[text.index("令和3年度から変わったこと") :]
    assert "卸売業：100人以下" in changed
    assert "卸売業：400人以下" in changed


def test_the_edition_of_another_year_says_so_and_leads_to_the_newest(client):
    programme = Programme.objects.create(slug="programme", name="経営革新")
    an_edition(programme=programme, fiscal_year=2021)
    an_edition(programme=programme)
    old = page(client, "/programmes/programme/2021/")
    assert "これは令和3年度版です" in old
    assert "令和5年度版を見る" in old
    assert "これは令和5年度版です" not in page(client, "/programmes/programme/2023/")


@pytest.mark.parametrize(
    "address",
    ["/programmes/nothing/", "/programmes/programme/1999/", "/programmes/nothing/sheet/",
     "/programmes/nothing/calendar.ics", "/programmes/programme/99999999999/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client, address):
    an_edition()
    page(client, address, 404)


def test_a_withdrawn_programme_is_not_found(client):
    an_edition(state=EditionState.WITHDRAWN)
    page(client, status=404)


def test_what_no_document_says_is_asked_for_at_the_desk(client):
    an_edition(reception_mode=ReceptionMode.NOT_STATED)
    assert page(client).count("窓口で確認") >= 4


def test_the_frames_say_rate_on_top_and_cap(client):
    edition = a_draft()
    Frame.objects.create(
        edition=edition, position=0, name="上乗せ", rate=Fraction(1, 12), on_top_of=Fraction(2, 3),
        cap_yen=7_500_000,
    )  # fmt: skip
    publish(edition)
    text = words(page(client))
    assert "上限750万円" in text
    assert "1/12" in text
    assert "もとの補助率2/3に上乗せ" in text
    assert "補助率1/12（もとの補助率2/3に上乗せ）" in text


def test_ranges_are_shown_from_low_to_high(client):
    edition = a_draft()
    Frame.objects.create(
        edition=edition, position=0, name="枠", rate=Fraction(2, 3), rate_low=Fraction(1, 3),
        cap_yen=30_000_000, cap_low_yen=20_000_000,
    )  # fmt: skip
    publish(edition)
    text = words(page(client))
    assert "1/3〜2/3" in text
    assert "上限2,000万円〜3,000万円" in text


def test_fixed_amounts_of_several_frames_are_a_span(client):
    edition = a_draft()
    Frame.objects.create(edition=edition, position=0, name="法人", amount_yen=100_000)
    Frame.objects.create(
        edition=edition, position=1, name="個人", amount_yen=50_000, own_share=Fraction(1, 3)
    )
    publish(edition)
    text = words(page(client))
    assert "5万円〜10万円" in text
    assert "自己負担 1/3" in text


def test_a_requirement_shows_its_table_and_where_it_is_written(client):
    a_source("g")
    source = {"file": "g", "section": "1", "lines": "998-1006"}
    rows = [{"label": "卸売業", "text": "400人以下"}]
    an_edition(requirements=[{"text": "従業員の数", "detail": "次のとおり", "rows": rows, "source": source}])
    text = words(page(client))
    assert "卸売業400人以下" in text.replace(" ", "")
    assert "998-1006行目" in text
    assert "支援ガイド" in text


def test_contacts_stand_in_order_with_unit_extension_fax_and_note(client):
    edition = a_draft()
    unit = a_unit("shien", an_organisation("ken", name="県"))
    EditionContact.objects.create(
        edition=edition, position=0, unit=unit, telephone="03-1111-2222", extension="33",
        fax="03-1111-2223", note="平日のみ",
    )  # fmt: skip
    EditionContact.objects.create(edition=edition, position=1, label="相談室", telephone="03-4444-5555")
    publish(edition)
    text = words(page(client))
    contacts = text[text.index("相談・問い合わせ") :]
    for part in ("県 shien", "03-1111-2222", "内線33", "03-1111-2223", "平日のみ", "相談室", "03-4444-5555"):
        assert part in contacts
    assert contacts.index("県 shien") < contacts.index("相談室")


def test_a_programme_without_contact_leads_to_the_general_desk(client):
    a_region(a_desk("yorozu", name="よろず相談"))
    an_edition()
    contacts = words(page(client)).split("相談・問い合わせ")[1]
    assert "よろず相談" in contacts
    assert "03-0000-0001" in contacts


def test_who_decides_and_who_pays_are_named_apart(client):
    ken = an_organisation("ken", name="みほん県")
    an_edition(
        roles=[{"role": "decider", "organisation": ken}, {"role": "beneficiary", "text": "県内の会社"}]
    )
    text = words(page(client))
    assert "決めるところみほん県" in text.replace(" ", "")
    assert "支援を受ける人県内の会社" in text.replace(" ", "")
    assert "支払うところ" not in text


def test_provisional_results_are_marked(client):
    a_term("kinds", "subsidy", "補助金")
    results = [{"text": "承認15件", "year": 2022, "provisional": True}, {"text": "承認17件", "year": 2021}]
    an_edition(results=results)
    text = words(page(client))
    assert "承認15件 暫定値" in text
    assert "承認17件 暫定値" not in text


def test_what_pays_for_it_and_what_followed_it_are_linked(client):
    edition = an_edition()
    a_project("line", name="振興費", cost_yen=26_325_000).programmes.add(edition.programme)
    after = an_edition("after").programme
    after.predecessors.add(edition.programme)
    withdrawn = an_edition("gone", state=EditionState.WITHDRAWN).programme
    withdrawn.predecessors.add(edition.programme)
    html = page(client)
    assert 'href="/projects/line/"' in html
    assert "26,325千円" in html
    assert 'href="/programmes/after/"' in html
    assert "/programmes/gone/" not in html
    assert "この支援の前にあったものです" in page(client, "/programmes/after/")


def test_each_place_shows_its_next_date_and_the_event_has_them_all(client):
    programme = an_edition().programme
    event = an_event("talk", programme=programme, name="相談会")
    for day in (date(2023, 10, 3), date(2023, 11, 7), date(2023, 12, 5)):
        event.occurrences.create(position=event.occurrences.count(), label="八戸", starts_on=day, ends_on=day)
    text = words(page(client))
    assert "11月7日（火）" in text
    assert "12月5日" not in text
    assert "すべての日程（3回）" in text


def test_dates_go_into_a_calendar(client):
    edition = a_deadline(datetime(2023, 11, 10, 17, tzinfo=TOKYO))
    an_event("talk", date(2023, 10, 3), date(2023, 11, 7), programme=edition.programme, name="相談会")
    response = client.get("/programmes/programme/calendar.ics")
    assert response["Content-Type"].startswith("text/calendar")
    entries = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    starts = {str(entry["SUMMARY"]): entry["DTSTART"].dt for entry in entries}
    assert starts["【締切】programme"] == datetime(2023, 11, 10, 8, tzinfo=ZoneInfo("UTC"))
    assert starts["相談会"] == date(2023, 11, 7)
    assert len(entries) == 2


def test_without_dates_there_is_neither_calendar_nor_button(client):
    an_edition()
    assert "calendar.ics" not in page(client)
    page(client, "/programmes/programme/calendar.ics", 404)


def test_a_deadline_says_day_time_and_days_left(client):
    a_deadline(datetime(2023, 11, 10, 17, tzinfo=TOKYO))
    text = words(page(client))
    assert "11月10日（金）" in text
    assert "午後5時まで" in text
    assert "あと9日" in text
    assert "受付中" in text


def test_a_programme_is_remembered_by_a_plain_form(client):
    an_edition()
    html = page(client)
    assert 'name="item" value="programme:programme"' in html
    assert 'action="/favourites/change/"' in html


def test_the_sheet_holds_boxes_contacts_and_a_code_that_leads_back(client):
    edition = an_edition(
        requirements=[{"text": "県内の会社"}], documents=[{"name": "決算書"}], telephone="03-1234-5678"
    )
    html = page(client, f"/programmes/{edition.programme.slug}/sheet/")
    assert 'src="data:image/svg+xml' in html
    assert "http://testserver/programmes/programme/" in html
    for part in ("県内の会社", "決算書", "03-1234-5678", "令和5年11月1日（水）"):
        assert part in html


@pytest.mark.parametrize("address", ["/programmes/programme/", "/programmes/programme/sheet/"])
def test_without_a_number_the_general_desk_is_named_without_its_fold_points(client, address):
    a_region(a_desk("yorozu", name="みほんよろず相談", breaks="みほん|よろず|相談"))
    an_edition(contacts=[{"organisation": an_organisation("ken", name="みほん県")}])
    html = page(client, address)
    main = html[html.index("<main") : html.index("</main>")]
    assert "まずみほんよろず相談へ" in words(html)
    assert 'href="tel:0300000001"' in main
    assert "|" not in words(html)


@pytest.mark.parametrize("address", ["/programmes/programme/", "/programmes/programme/sheet/"])
def test_with_a_number_the_general_desk_is_not_named_first(client, address):
    a_region(a_desk("yorozu", name="みほんよろず相談"))
    an_edition(telephone="03-1234-5678")
    assert "まずみほんよろず相談へ" not in words(page(client, address))


@pytest.mark.parametrize("address", ["/programmes/programme/", "/programmes/programme/sheet/"])
def test_no_page_holds_inline_styles_or_scripts(client, address):
    an_edition(requirements=[{"text": "県内の会社"}], telephone="03-1234-5678")
    html = page(client, address)
    assert " style=" not in html
    assert "<style" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)(?! type=\"application/ld\+json\">)", html)


def test_the_number_of_queries_does_not_grow_with_the_rows(client):
    def rich(slug, count):
        edition = an_edition(slug, state=EditionState.DRAFT)
        unit = a_unit(f"unit-{slug}", an_organisation(f"of-{slug}"))
        for at in range(count):
            Frame.objects.create(edition=edition, position=at, name=f"枠{at}")
            EditionContact.objects.create(edition=edition, position=at, unit=unit)
            a_project(f"{slug}-{at}").programmes.add(edition.programme)
            other = an_edition(f"{slug}-other-{at}").programme
            edition.programme.related.create(other=other, position=at)
            edition.programme.desks.add(a_desk(f"{slug}-desk-{at}", unit.organisation))
            an_event(f"{slug}-event-{at}", date(2023, 12, 1 + at), programme=edition.programme)
        publish(edition)

    rich("few", 1)
    rich("many", 6)
    page(client, "/programmes/few/sheet/")  # reads the rules once
    counts = []
    for slug in ("few", "many"):
        with CaptureQueriesContext(connection) as queries:
            page(client, f"/programmes/{slug}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_programme_without_a_number_leads_to_the_desk_for_everybody(client):
    region = a_region()
    an_edition()
    html = page(client)
    assert html.index(f"tel:{region.general_telephone.replace('-', '')}") < html.index("いくら")
    assert "電話番号は、資料に書かれていません" in html


def test_the_newest_words_of_a_past_year_are_said_to_be_old(client, settings):
    settings.TODAY = date(2023, 11, 1)
    an_edition(fiscal_year=2021)
    assert "令和3年度の資料による内容です" in words(page(client))
    settings.TODAY = date(2022, 3, 31)
    assert "令和3年度の資料による内容です" not in words(page(client))
