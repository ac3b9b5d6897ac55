"""Reports as others set them: merged cells, columns in another order, two columns, ruled forms."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from madoguchi.importers.annual_report.layout import general
from madoguchi.importers.annual_report.reading import read_report
from madoguchi.importers.documents.lines import Document
from madoguchi.importers.documents.reading import read_bytes
from madoguchi.reporting.annual.fonts import typefaces
from tests.importers import pdf
from tests.importers.reports import indicators, rows, sums

PAGES = Path(__file__).parent / "pages"


@cache
def document(name: str) -> Document:
    """The lines of one of the made-up reports, set on paper."""
    faces = typefaces()
    source = (PAGES / f"{name}.typ").read_text("utf-8")
    with TemporaryDirectory() as folder:
        file = Path(folder, "main.typ")
        file.write_text(f'#set text(font: "{faces.serif}")\n{source}', "utf-8")
        content = typst.compile(file, font_paths=faces.fonts, ignore_system_fonts=True)
    return read_bytes(f"{name}.pdf", content)


@cache
def report(name: str):
    return read_report(document(name), general())


def test_the_unit_may_stand_first_in_a_cell_of_two_rows_and_costs_in_whole_yen():
    assert report("minami").report_year == 2022
    assert sums(report("minami")) == [("1", 16_425, 16_425), ("2", 52_750.5, 52_750.5)]
    assert [row[:4] for row in rows(report("minami"))["1"]] == [
        (1, "若者就職応援事業", 12_345, True),
        (2, "ものづくり人材育成事業", 3_200, False),
        (3, "企業内研修支援事業", 880, False),
    ]
    assert indicators(report("minami"))["若者就職応援事業"] == {
        "説明会の参加者数": {"2021": "210名", "2022": "315名"},
        "就職者数": {"2021": "30名", "2022": "42名"},
    }
    assert indicators(report("minami"))["事業承継支援事業"] == {
        "計画の策定件数": {"2021": "―", "2022": "12件"}
    }


def test_pages_of_two_columns_are_read_one_column_after_the_other():
    assert sums(report("higashi")) == [("Ⅰ", 20_750, 20_750), ("Ⅱ", 8_195, 8_195)]
    assert not report("higashi").notes
    assert indicators(report("higashi"))["オンライン販売支援事業"] == {
        "開設した店": {"2021": "－", "2022": "11店"}
    }
    pages = [each.page for policy in report("higashi").policies for each in policy.programmes]
    assert [page.overview.value for page in pages if page] == [
        "創業をめざす市民に、全5回の講座を開く。",
        "創業の融資の利子を補給する。",
        "首都圏で物産展を開く。",
        "通信販売を始める店を支援する。",
    ]


def test_a_unit_of_money_that_a_narrow_column_breaks_is_read_whole():
    assert any(line.text.endswith("円）") for line in document("higashi").lines)
    assert rows(report("higashi"))["Ⅰ"][0] == (1, "創業スクール開催事業", 2_450, False, "商工課")


def test_ruled_forms_of_labels_and_values_are_projects_in_their_sections():
    assert sums(report("nishi")) == [("1", None, 124_560), ("2", None, 8_900)]
    assert [row[1] for policy in rows(report("nishi")).values() for row in policy] == [
        "ものづくり補助事業",
        "技術相談事業",
        "海外見本市出展支援事業",
    ]
    assert indicators(report("nishi"))["技術相談事業"] == {"相談件数": {"2022": "298件", "2023": "320件"}}


def test_a_list_of_names_and_costs_is_no_page_of_two_columns():
    lines = [
        f"{number}　商店街の事業その{number}　　　　　　　　{number},000　商工課" for number in range(1, 30)
    ]
    assert [line.text.split()[0] for line in read_bytes("l.pdf", pdf.of_lines([lines])).lines] == [
        str(number) for number in range(1, 30)
    ]
