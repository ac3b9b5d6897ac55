"""What a cost would bring where grants tell kinds apart: a field a kind, its path, chart and table."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.eligibility.amounts.grant import Cost, CostClass, Terms, grant
from madoguchi.web.portal.shapes import grant_chart
from madoguchi.web.portal.shapes.whatif_kinds import Mix
from tests.web.portal.fit_rules import STAFF, give_rule, tell
from tests.web.portal.pages import page
from tests.web.portal.test_fit_results import a_framed_edition
from tests.web.portal.test_programme_rules import told, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
ADDRESS = "/programmes/hojo/"
CLASSES = {"classes": [{"name": "機械装置費", "rate": "2/3", "cap_yen": 1_500_000}, {"name": "旅費"}]}


@pytest.fixture
def by_class():
    """機械装置費 at 2/3 up to 150万円, everything else at 1/2, all together up to 160万円."""
    a_framed_edition("hojo", {"name": "枠", "rate": Fraction(1, 2), "cap_yen": 1_600_000}, grant=CLASSES)


@pytest.mark.usefixtures("by_class")
def test_each_class_has_a_field_and_its_lines_and_the_rest_another(client):
    text = words(page(client, f"{ADDRESS}?cost0=300&cost1=50&cost2=10"), "whatif")
    for line in (
        "機械装置費 3,000,000円 × 2/3 2,000,000円",
        "機械装置費の上限 1,500,000円 1,500,000円",
        "旅費 500,000円 × 1/2 250,000円",
        "そのほかの費用 100,000円 × 1/2 50,000円",
        "合計 1,800,000円",
        "上限 1,600,000円まで 1,600,000円",
        "補助額 160万円 自己負担 200万円",
    ):
        assert line in text


@pytest.mark.usefixtures("by_class")
def test_chart_and_table_go_on_in_the_same_mix(client):
    html = page(client, f"{ADDRESS}?cost0=150&cost1=150")
    assert "費用の種類の割合は、いまのままです。" in words(html, "whatif")
    assert '<svg class="grant"' in html
    text = words(html, "whatif")
    # At 2,742,858 yen, halves of both, 2/3 and 1/2 of them come to the cap of the frame.
    assert "274万2,858円 160万円 114万2,858円" in text


@pytest.mark.usefixtures("by_class")
def test_a_wrong_field_is_named_and_the_others_keep_what_was_typed(client):
    html = page(client, f"{ADDRESS}?cost0=たくさん&cost1=50&cost2=")
    assert html.count('id="whatif-error-cost0"') == 1
    assert 'id="whatif-error-cost1"' not in html
    assert 'value="たくさん"' in html
    assert 'name="cost1" inputmode="decimal" autocomplete="off" value="50"' in html
    assert "補助額" not in words(html, "whatif")
    assert 'id="whatif-error-cost0"' in page(client, f"{ADDRESS}?cost0=2兆円")


@pytest.mark.usefixtures("by_class")
def test_the_fields_begin_with_what_was_told_or_with_an_example(client):
    rows = [
        {"name": "炉", "kind": "機械装置費", "yen": 900_000},
        {"name": "型", "kind": "機械装置費", "yen": 1},
    ]
    html = page(told(employees=6, costs=rows), ADDRESS)
    assert 'name="cost0" inputmode="decimal" autocomplete="off" value="90.0001"' in html
    assert 'name="cost1" inputmode="decimal" autocomplete="off" value=""' in html
    assert 'name="cost0" inputmode="decimal" autocomplete="off" value="112"' in page(client, ADDRESS)


@pytest.mark.usefixtures("by_class")
def test_nothing_spent_brings_nothing_and_breaks_nothing(client):
    assert "補助額 0円" in words(page(client, f"{ADDRESS}?cost0=&cost1=&cost2="), "whatif")
    assert "no-store" in client.get(f"{ADDRESS}?cost0=1")["Cache-Control"]


def test_frames_for_kinds_of_their_own_each_count_their_own_field(client):
    frames = [
        {"name": "枠", "variant": kind, "rate": Fraction(2, 3), "cap_yen": 10**6} for kind in ("計画", "伴走")
    ]
    edition = a_framed_edition("hojo", *frames)
    rows = [
        {"frame": "枠", "variant": kind, "grant": {"covers": [f"{kind}の費用"]}} for kind in ("計画", "伴走")
    ]
    give_rule(edition, STAFF, frames=rows)
    text = words(page(client, f"{ADDRESS}?cost0=90&cost1=30"), "whatif")
    assert "費用 900,000円 × 2/3 600,000円" in text
    assert "費用 300,000円 × 2/3 200,000円" in text
    assert "そのほかの費用" not in text
    assert "枠を合わせると 補助額 80万円 自己負担 40万円" in text


def test_without_kinds_the_rows_that_were_told_come_together(client):
    a_framed_edition("hojo", {"name": "枠", "rate": Fraction(1, 2)})
    tell(client, "employees", "6")
    rows = [{"name": "炉", "yen": 900_000}, {"name": "型", "yen": 100_000}]
    html = page(told(employees=6, costs=rows), ADDRESS)
    assert 'name="cost" inputmode="decimal" autocomplete="off" value="100"' in html
    assert "?then=programme:hojo" in html


RATES = st.fractions(min_value=0, max_value=1, max_denominator=20)
CAPS = st.none() | st.integers(1, 10**8)


@given(
    classes=st.lists(st.tuples(RATES, CAPS, st.integers(0, 10**8)), min_size=1, max_size=4),
    cap=CAPS,
)
def test_between_the_knees_of_a_mix_a_grant_goes_straight_on(classes, cap):
    items = tuple(CostClass(str(n), rate, own) for n, (rate, own, _) in enumerate(classes))
    terms = Terms(classes=items, cap_yen=cap)
    mix = Mix(tuple(Cost(str(n), yen) for n, (_, _, yen) in enumerate(classes)))
    knees = mix.knees(terms)
    assert knees == sorted(knees)
    ends = [0, *knees, (knees[-1] if knees else 0) + 10**7]
    for low, high in pairwise(ends):
        first, middle, last = (
            grant(terms, mix.at(total)).grant_yen for total in (low, (low + high) // 2, high)
        )
        assert abs(first + last - 2 * middle) <= 4 * len(classes) + 4


@given(shares=st.lists(st.integers(0, 10**9), min_size=1, max_size=3), cap=CAPS)
def test_the_drawing_of_a_mix_stays_in_its_frame(shares, cap):
    terms = Terms(classes=tuple(CostClass(str(n), Fraction(1, 2)) for n in range(len(shares))), cap_yen=cap)
    mix = Mix(tuple(Cost(str(n), yen) for n, yen in enumerate(shares)))
    total = mix.total_yen
    drawn = grant_chart.chart(terms, total, max(total, 10_000), mix.knees(terms), mix.at)
    places = [tuple(map(int, point.split(","))) for point in drawn.high.split()]
    assert all(0 <= x <= 340 and 0 <= y <= 220 for x, y in [*places, (drawn.here_x, drawn.here_y)])
