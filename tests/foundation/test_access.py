from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied

from madoguchi.foundation.access import Access, declared_access, public, requires

a_holder = SimpleNamespace(may=lambda permission: permission == "catalogue.edit")
a_stranger = SimpleNamespace(may=lambda permission: False)


@requires("catalogue.edit")
def edit(request, slug):
    return f"edited {slug}"


@public
def look(request):
    return "looked"


def request_with(hat):
    return SimpleNamespace(hat=hat, get_full_path=lambda: "/edit/a/?page=2")


def visit(hat):
    return edit(request_with(hat), slug="a")


def test_a_holder_of_the_permission_comes_in():
    assert visit(a_holder) == "edited a"


def test_everybody_else_is_refused():
    with pytest.raises(PermissionDenied):
        visit(a_stranger)


def test_who_is_not_signed_in_is_led_to_the_sign_in_page_and_back():
    response = visit(None)
    assert response.status_code == 302
    assert response["Location"].endswith("?next=/edit/a/%3Fpage%3D2")


def test_without_the_guard_a_stranger_would_come_in():
    assert edit.__wrapped__(request_with(a_stranger), slug="a") == "edited a"


def test_a_public_page_asks_for_nothing():
    assert look(request_with(None)) == "looked"


def test_the_declaration_can_be_read():
    assert declared_access(look) == Access(permission=None)
    assert str(declared_access(look)) == "public"
    assert str(declared_access(edit)) == "catalogue.edit"


def test_a_view_that_declares_nothing_is_recognised():
    assert declared_access(lambda request: None) is None


@pytest.mark.parametrize("name", ["", "edit", "a.b.c", ".edit", "catalogue."])
def test_a_permission_is_written_as_module_and_action(name):
    with pytest.raises(ValueError, match=r"module\.action"):
        requires(name)
