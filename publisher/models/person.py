"""Somebody who signs in, or who approves from the terminal."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Person(AbstractUser):
    """Django's own account; its roles per organisation come with the desk."""

    full_name = models.CharField(max_length=200, blank=True)
