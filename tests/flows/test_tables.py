"""The tables are those of the models."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing():
    """A model that was changed without its migration would fail only at an operator's."""
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
