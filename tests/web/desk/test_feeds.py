"""配信からの制度: the list and an item at the desk, and what the public page says of it."""

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.feeds.operations.moving import move
from madoguchi.feeds.states import ItemState
from tests.factories import a_region
from tests.feeds.items import an_officer, day, item, published, reading, taken
from tests.importers.jgrants.api import KEY, a_detail
from tests.queries import cost
from tests.web.desk.signed_in import sign_in_as

pytestmark = pytest.mark.django_db
LIST = "/desk/feeds/"


@pytest.fixture
def hat(client):
    a_region(prefecture_code="310000")
    taken()
    hat = an_officer()
    sign_in_as(client, hat)
    return hat


def text_of(response):
    return response.content.decode().replace("<wbr>", "")


def act(client, what, act, *, version=1, **data):
    one = reading(what)
    address = f"{LIST}{item().pk}/{one.pk}/"
    return client.post(address, {"act": act, "version": version, **data})


def test_the_list_tells_what_waits(client, hat):
    text = text_of(client.get(LIST))
    assert "みなと県設備更新補助金" in text
    assert "新しい 1" in text
    assert "みなと県設備更新補助金" in text_of(client.get(LIST, {"show": "open"}))
    assert "みなと県設備更新補助金" not in text_of(client.get(LIST, {"show": "hidden"}))


def test_the_list_costs_the_same_for_one_item_and_for_many(client, hat):
    one = cost(lambda: client.get(LIST))
    taken(*(a_detail(f"a0W0000000000001{number:02}") for number in range(20)))
    assert cost(lambda: client.get(LIST)) == one


def test_a_value_is_confirmed_beside_its_text(client, hat):
    assert "補助対象経費の2/3以内" in text_of(client.get(f"{LIST}{item().pk}/"))
    assert act(client, "share", "confirm").status_code == 302
    assert reading("share").state == "confirmed"
    assert "確かめました" in text_of(client.get(f"{LIST}{item().pk}/"))


def test_a_refused_correction_keeps_what_was_typed(client, hat):
    response = act(client, "cap", "correct", value="たくさん")
    assert response.status_code == 422
    assert 'value="たくさん"' in text_of(response)
    assert "値を読み取れません" in text_of(response)


def test_the_second_of_two_editors_gets_the_page_as_it_is_now(client, hat):
    act(client, "share", "confirm")
    assert act(client, "share", "reject", version=1).status_code == 409


def test_an_item_is_hidden_and_shown_from_its_page(client, hat):
    address = f"{LIST}{item().pk}/"
    client.post(address, {"act": "hide"})
    assert item().state == ItemState.HIDDEN
    client.post(address, {"act": "show"})
    assert item().state == ItemState.SHOWN


@pytest.mark.parametrize("data", [{"act": "nonsense"}, {}])
def test_an_unknown_act_is_not_found(client, hat, data):
    assert client.post(f"{LIST}{item().pk}/", data).status_code == 404
    assert client.post(f"{LIST}{item().pk}/{reading('cap').pk}/", data).status_code == 404


def test_others_do_not_get_in(client, hat):
    sign_in_as(client, an_officer(role=Role.ADVISER))
    assert client.get(LIST).status_code == 403
    client.logout()
    assert client.get(LIST).status_code == 302


# ── The public page ─────────────────────────────────────────────────────────────────────────────────
def page(client):
    return text_of(client.get(f"/programmes/jgrants-{KEY.lower()}/"))


def test_the_public_page_says_where_it_comes_from_and_what_nobody_has_confirmed(client, hat):
    text = page(client)
    assert "国の配信から自動で取り込んだ情報" in text
    assert "Jグランツ（jGrants）からの出典" in text
    assert "補助率：2/3　" in text
    assert "本文から読み取った値（未確認）" in text
    assert "1行目" not in text


def test_what_was_confirmed_is_no_longer_marked_on_the_public_page(client, hat):
    act(client, "share", "confirm")
    act(client, "areas", "confirm")
    assert "未確認" not in page(client)


def test_the_public_page_marks_what_the_feed_no_longer_has(client, hat):
    assert "配信元に見当たりません" not in page(client)
    taken(a_detail("a0W000000000000002"), at=day(30), is_complete=True)
    assert "配信元に見当たりません" in page(client)


def test_the_page_of_a_hidden_item_is_not_found(client, hat):
    move(item=item(), to=ItemState.HIDDEN, hat=hat, at=day(1))
    assert client.get(f"/programmes/jgrants-{KEY.lower()}/").status_code == 404


def test_html_of_the_feed_never_becomes_html_of_the_page(client, hat):
    taken(
        a_detail(title="<img src=x onerror=alert(1)>", detail="&lt;script&gt;alert(1)&lt;/script&gt;"),
        at=day(1),
    )
    assert published().name.startswith("<img")
    text = page(client)
    assert "<img src=x" not in text
    assert "<script>alert" not in text
