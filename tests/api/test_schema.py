"""The API keeps to its own description, whatever it is asked (schemathesis, in process)."""

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]


@pytest.fixture
def one_connection():
    """A request through WSGI would end the connection that holds the test's transaction."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
def test_the_api_answers_anything_as_its_description_says(installed, one_connection, mode):
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for operation in (found.ok() for found in described.get_all_operations()):
        if mode is GenerationMode.NEGATIVE and not list(operation.iter_parameters()) and not operation.body:
            continue  # nothing is asked, so nothing can be said wrongly

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
        def ask(case):
            case.call_and_validate(checks=CHECKS)

        ask()


@pytest.mark.parametrize(
    ("path", "method", "codes"),
    [
        ("search", "get", {"200", "304", "422"}),
        ("match", "post", {"200", "400", "413", "422"}),
        ("facts", "get", {"200", "304"}),
        ("programmes", "get", {"200", "304", "422"}),
        ("programmes/{slug}", "get", {"200", "304", "404", "422"}),
        ("changes", "get", {"200", "304", "422"}),
    ],
)
def test_the_description_names_every_answer(client, path, method, codes):
    described = client.get("/api/v1/openapi.json").json()
    answers = described["paths"][f"/api/v1/{path}"][method]["responses"]
    assert set(answers) == codes | {"401", "429"}
    for code in codes - {"200", "304"}:
        assert list(answers[code]["content"]) == ["application/problem+json"]
