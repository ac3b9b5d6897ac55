"""Lists of businesses: read, compared, shown and taken in, all or nothing."""

import pytest

from madoguchi.businesses import queries
from madoguchi.businesses.errors import ChangedMeanwhile, ListChanged
from madoguchi.businesses.importing import columns, planning, sheets
from madoguchi.businesses.importing.planning import NameColumnMissing
from madoguchi.businesses.models import Business
from madoguchi.businesses.operations.importing import take_in
from madoguchi.foundation import tables
from madoguchi.foundation.models import AuditEvent
from madoguchi.foundation.sheets import csv_file, xlsx_file
from madoguchi.ops.cli import main
from tests.businesses.conftest import ADVISER, ANOTHER_NUMBER, AT, NUMBER
from tests.queries import cost

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(ours):
    def act(*lines):
        return planning.plan(tables.read("a.csv", "\r\n".join(lines).encode()), organisation_id=ours.pk)

    return act


@pytest.fixture
def taken(ours):
    def act(plan):
        return take_in(plan=plan, organisation_id=ours.pk, at=AT, by=ADVISER)

    return act


def outcomes(plan):
    return [(row.number, row.outcome.value) for row in plan.rows]


def test_a_list_becomes_businesses_on_the_books(planned, taken, adviser):
    plan = planned(
        "法人番号,商号または名称,フリガナ,所在地,建物名,TEL,業種,資本金（千円）,従業員数,設立年,代表者名,備考",
        f"{NUMBER},㈱みほん商店,ﾐﾎﾝ,東京都千代田区霞が関３－１－１,２階,"
        "03-1234-5678,飲食店,10000,12人,平成17年,見本 太郎,常連",
        ",創業食堂,,,,,,,,,,",
    )
    assert outcomes(plan) == [(2, "new"), (3, "new")]
    assert plan.columns.unknown == ("備考",)
    assert taken(plan) == {"new": 2}
    business = Business.objects.get(corporate_number=NUMBER)
    assert (business.name, business.area_code, business.town, business.street) == (
        "㈱みほん商店",
        "131016",
        "霞が関",
        "3-1-1",
    )
    assert (business.industry, business.capital_yen, business.employees) == ("76", 10_000_000, 12)
    assert (business.founded_on, business.officers.get().name) == ("2005", "見本 太郎")
    origins = queries.origins_of(business)
    assert {origins[name].source for name in ("name", "employees", "officers")} == {"import"}
    assert queries.custody_of(business, adviser.organisation_id).reason == "imported"
    assert len(queries.search(adviser, "みほん")) == 1


def test_without_the_kept_list_the_second_of_two_would_take_it_in_again(planned, taken):
    first, second = planned("名称", "一"), planned("名称", "一")
    taken(first)
    taken(second)
    assert Business.objects.count() == 2


def test_taking_a_list_in_twice_is_taking_it_in_once(planned, taken):
    lines = ("法人番号,名称,電話,従業員数", f"{NUMBER},㈱みほん,03-1234-5678,3", ",ふなで食堂,03-1111-2222,1")
    taken(planned(*lines))
    again = planned(*lines)
    assert outcomes(again) == [(2, "same"), (3, "same")]
    assert not again.can_be_taken_in
    with pytest.raises(ListChanged):
        taken(again)
    assert Business.objects.count() == 2


def test_what_a_list_says_anew_changes_what_is_there_and_empty_cells_change_nothing(
    planned, taken, registered
):
    business = registered(corporate_number=NUMBER, telephone="03-1234-5678", employees=3)
    plan = planned("法人番号,名称,電話,従業員数", f"{NUMBER},みほん商店（株）,,4")
    assert plan.rows[0].changes == ("employees",)
    taken(plan)
    business.refresh_from_db()
    assert (business.name, business.telephone, business.employees) == (
        "株式会社みほん商店",
        "03-1234-5678",
        4,
    )


def test_surely_the_same_is_changed_and_perhaps_the_same_is_left_to_a_person(planned, registered):
    registered(telephone="03-1234-5678")
    registered(name="みなと食堂", area_code="131016", town="千代田", street="1-1")
    plan = planned(
        "名称,電話,住所,従業員数",
        "みほん商店㈱,０３（１２３４）５６７８,,3",
        "みなと食堂,03-9999-0000,東京都千代田区千代田1の1,2",
    )
    assert outcomes(plan) == [(2, "changed"), (3, "alike")]


def test_a_number_on_other_books_is_not_taken_in_and_tells_nothing(planned, registered, theirs, adviser):
    registered(theirs, corporate_number=NUMBER, employees=99)
    plan = planned("法人番号,名称", f"{NUMBER},㈱みほん")
    assert outcomes(plan) == [(2, "elsewhere")]
    assert plan.rows[0].business is None
    assert not plan.can_be_taken_in


def test_names_on_other_books_are_as_if_they_were_not_there(planned, registered, theirs):
    registered(theirs, telephone="03-1234-5678")
    assert outcomes(planned("名称,電話", "みほん商店㈱,03-1234-5678")) == [(2, "new")]


def test_every_mistake_is_named_with_row_and_column_and_nothing_is_taken_in(planned, taken):
    plan = planned(
        "法人番号,会社名,電話番号,資本金,住所,従業員数",
        f"{NUMBER},㈱一,03-1234-5678,1000000,東京都千代田区千代田1,3",
        "1234,㈱二,abc,たくさん,,-1",
        f"{NUMBER},㈱三,,,,",
        ",,03-1111-2222,,,",
    )
    assert [(each.row, each.heading, each.typed) for each in plan.mistakes] == [
        (3, "法人番号", "1234"),
        (3, "電話番号", "abc"),
        (3, "資本金", "たくさん"),
        (3, "従業員数", "-1"),
        (4, "法人番号", NUMBER),
        (5, "会社名", ""),
    ]
    assert str(plan.mistakes[4].sentence) == "2行目と同じ法人番号です。"
    with pytest.raises(ListChanged):
        taken(plan)
    assert not Business.objects.exists()


def test_the_sheet_of_mistakes_names_row_column_and_what_to_do(planned, registered):
    registered(name="みなと食堂", area_code="131016", town="千代田", street="1-1")
    plan = planned("名称,電話,住所", "=1+1,abc,", "みなと食堂,,東京都千代田区千代田1の1")
    rows = sheets.to_mend(plan)
    assert sheets.head() == ["行", "列", "入力", "直すこと"]
    assert rows[0][:3] == [2, "電話", "abc"]
    assert rows[1] == [3, "名称", "みなと食堂", "似た事業者あり（取り込みません）"]


def test_when_one_row_fails_nothing_of_the_list_is_kept(planned, taken, registered, changed):
    business = registered(corporate_number=NUMBER, employees=3)
    plan = planned("法人番号,名称,従業員数", ",㈱一,1", f"{NUMBER},㈱みほん商店,4", ",㈱二,1")
    changed(Business.objects.get(), telephone="03-1234-5678")
    with pytest.raises(ChangedMeanwhile):
        taken(plan)
    assert [each.pk for each in Business.objects.all()] == [business.pk]
    assert not AuditEvent.objects.filter(action="businesses.imported").exists()


def test_a_list_without_names_is_refused(planned):
    with pytest.raises(NameColumnMissing):
        planned("電話,住所", "03-1234-5678,東京都")


def test_the_sample_can_be_taken_in_as_it_is(ours):
    for content, name in (
        ("".join(csv_file(columns.SAMPLE, sheets.sample())).encode(), "a.csv"),
        (xlsx_file("名簿", columns.SAMPLE, sheets.sample()), "a.xlsx"),
    ):
        plan = planning.plan(tables.read(name, content), organisation_id=ours.pk)
        assert plan.columns.unknown == ()
        assert outcomes(plan) == [(2, "new")]


def test_comparing_costs_the_same_for_two_and_for_two_hundred(planned):
    few = [f",みほん{number},03-1234-{number:04}" for number in range(2)]
    many = [f",みほん{number},03-1234-{number:04}" for number in range(200)]
    head = "法人番号,名称,電話"
    assert cost(lambda: planned(head, *many)) == cost(lambda: planned(head, *few))


def test_the_command_shows_and_takes_in(ours, tmp_path, capsys):
    path = tmp_path / "list.csv"
    path.write_bytes(f"法人番号,名称\r\n{NUMBER},㈱髙﨑\r\n{ANOTHER_NUMBER},二\r\n".encode("cp932"))
    arguments = ["import", "businesses", str(path), "--organisation", ours.slug]
    assert main([*arguments, "--preview"]) == 0
    assert "新しく登録: 2 行" in capsys.readouterr().out
    assert not Business.objects.exists()
    assert main(arguments) == 0
    assert set(Business.objects.values_list("name", flat=True)) == {"㈱髙﨑", "二"}


def test_the_command_names_what_is_wrong(ours, tmp_path, capsys):
    path, errors = tmp_path / "list.csv", tmp_path / "errors.xlsx"
    path.write_text("法人番号,名称\r\n123,㈱一\r\n")
    arguments = ["import", "businesses", str(path), "--organisation", ours.slug, "--errors", str(errors)]
    assert main([*arguments, "--preview"]) == 1
    assert "2 行目「法人番号」: 法人番号は13桁" in capsys.readouterr().err
    assert tables.read("errors.xlsx", errors.read_bytes()).rows[0][1][:3] == ("2", "法人番号", "123")
    assert main(arguments) == 1
    assert main(["import", "businesses", str(path), "--organisation", "nobody"]) == 2
