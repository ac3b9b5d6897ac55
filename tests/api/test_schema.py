"""The API keeps to its own description, whatever it is asked (schemathesis, in process)."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
def test_the_api_answers_anything_as_its_description_says(installed, mode):
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for operation in described.get_all_operations():

        @given(case=operation.ok().as_strategy(generation_mode=mode))
        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        def ask(case):
            case.call_and_validate(checks=CHECKS)

        ask()


def test_the_description_names_every_answer(client):
    described = client.get("/api/v1/openapi.json").json()
    answers = described["paths"]["/api/v1/search"]["get"]["responses"]
    assert set(answers) == {"200", "422"}
    assert list(answers["422"]["content"]) == ["application/problem+json"]
