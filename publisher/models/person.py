"""Somebody who signs in, or who approves from the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models

if TYPE_CHECKING:
    from publisher.models.program import Token


class Person(AbstractUser):
    """Django's own account. What it may do stands in its roles, an organisation each.

    A superuser is an operator: it may do everything for every organisation.
    """

    full_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=12, blank=True)  #: of the desk; empty: the browser's
    time_zone = models.CharField(max_length=60, blank=True)  #: empty: the organisation's

    #: what a program acts with for it, here and now; see `flows.tokens`. None: it acts itself
    acts_through: Token | None = None

    last_seen_at = models.DateTimeField(null=True)  #: at the desk, to five minutes or so

    @property
    def called(self) -> str:
        """What the desk calls it."""
        return self.full_name or self.username
