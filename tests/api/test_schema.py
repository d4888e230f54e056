"""What is published is true: whatever is sent, operations answer as the description says.

Each operation is asked for with what fits its description and with what does not, about things
that are there and about others, and each answer is held to every check that Schemathesis has.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from publisher.kit import clock
from publisher.models import Organisation, Role, RoleName
from publisher.web.api import bearer
from publisher.web.limits import Limit
from tests.api.programs import API, named_things, token_of
from tests.desk.people import person
from tests.flows.stored import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

#: what the rules refuse is no fault of who kept to the shapes
ANSWERS = ["2xx", 401, 403, 404, 409, 412, 422, 428]
CONFIG = {"seed": 7, "checks": {"positive_data_acceptance": {"expected-statuses": ANSWERS}}}
BOUNDED = settings(
    max_examples=2,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def described(monkeypatch):
    """The published description, with the product behind it."""
    # Django would close the test's own connection after each answer.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    monkeypatch.setattr(bearer, "LIMIT", Limit(times=10**9, seconds=60))
    monkeypatch.setattr(clock, "now", lambda: NOW - timedelta(days=9))
    yield schemathesis.openapi.from_wsgi(
        f"{API}/openapi.json", get_wsgi_application(), config=SchemathesisConfig.from_dict(CONFIG)
    )
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_keeps_to_its_description(described, mode):
    """As an administrator of both organisations, who may do most; what it did is taken back."""
    named, statuses = named_things(), Counter()
    who = person("all", RoleName.ADMINISTRATOR)
    Role.objects.create(
        person=who, organisation=Organisation.objects.get(slug="iec"), name="administrator"
    )
    headers = {"Authorization": f"Bearer {token_of(who)}"}
    broken = {}

    def ask(operation) -> None:
        @BOUNDED
        @given(case=operation.as_strategy(generation_mode=mode))
        def asked(case):
            if mode is GenerationMode.POSITIVE:  # about what is there
                for name in case.path_parameters or {}:
                    case.path_parameters[name] = named(operation.path, name)
            with transaction.atomic():
                statuses[case.call_and_validate(headers=headers).status_code] += 1
                transaction.set_rollback(True)

        asked()

    for found in described.get_all_operations():
        operation = found.ok()
        try:
            ask(operation)
        except* Exception as group:  # noqa: BLE001  # each is told at the end
            broken[operation.label] = [str(error) for error in group.exceptions]

    assert broken == {}
    assert statuses[200] + statuses[401] > 50, statuses
