"""いくら and the years: the same words on the page, on the card of a search and among the favourites."""

from fractions import Fraction

import pytest

from madoguchi.catalogue.models import Frame
from madoguchi.catalogue.states import EditionState
from madoguchi.finding import indexing
from tests.factories import an_edition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]


@pytest.fixture(autouse=True)
def _own_index(settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"


def with_a_frame(*, headline="", fee="", **frame):
    """A published edition whose only frame gives this."""
    edition = an_edition("hojo", headline=headline, fee=fee, state=EditionState.DRAFT)
    Frame.objects.create(edition=edition, position=0, name="枠", **frame)
    edition.state = EditionState.PUBLISHED
    edition.save()
    indexing.catch_up()


def read(client, address, language):
    """The text of a page for a reader of that language, without the marks where a line may break."""
    response = client.get(address, headers={"accept-language": language})
    assert response.status_code == 200
    return response.content.decode().replace("<wbr>", "")


def everywhere(client, language):
    """The pages that answer いくら."""
    added = {"item": "programme:hojo", "action": "add"}
    client.post("/favourites/change/", added, headers={"sec-fetch-site": "same-origin"})
    addresses = ("/programmes/hojo/", "/search/?type=programme", "/favourites/")
    return [read(client, address, language) for address in addresses]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"headline": "低利の融資", "cap_yen": 3_000_000}, ">低利の融資<"),
        ({"cap_yen": 3_000_000, "rate": Fraction(2, 3)}, ">上限300万円<"),
        ({"amount_yen": 50_000}, ">5万円<"),
        ({"rate": Fraction(2, 3), "fee": "登録料がいります"}, ">補助率2/3<"),
        ({"fee": "一部をご負担ください"}, ">一部をご負担ください<"),
    ],
    ids=["headline", "cap", "amount", "rate", "fee"],
)
def test_how_much_is_said_alike_everywhere(client, given, said):
    with_a_frame(**given)
    for html in everywhere(client, "ja"):
        assert said in html


def test_amounts_are_written_for_readers_of_english_everywhere(client):
    with_a_frame(cap_yen=3_000_000)
    for html in everywhere(client, "en"):
        assert "¥3,000,000" in html
        assert "300万円" not in html


def test_fiscal_years_are_written_for_readers_of_english(client):
    older = an_edition("hojo", fiscal_year=2022)
    an_edition(programme=older.programme)
    indexing.catch_up()
    for address in ("/programmes/hojo/", "/programmes/hojo/2022/", "/search/", "/search/?fiscal_year=2022"):
        html = read(client, address, "en")
        assert "FY2022" in html
        assert "年度" not in html
