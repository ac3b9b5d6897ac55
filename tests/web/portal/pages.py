"""Reading pages in tests."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def page(client, address, status=200):
    """The text of a page that must answer with this status, without the marks where a line may break."""
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode().replace("<wbr>", "")


def queries_of(address):
    """How many queries a page costs; a new client, because pages are kept for the next visitor."""
    page(Client(), address)
    with CaptureQueriesContext(connection) as queries:
        page(Client(), address)
    return len(queries)
