"""What tests of the desk share."""

import pytest
from django.core.cache import cache


@pytest.fixture
def quick_passwords(settings, db):
    """Passwords are hashed as slowly as they must be elsewhere; attempts count anew."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    yield
    cache.clear()
