"""Publisher as a Django application."""

from django.apps import AppConfig


class PublisherConfig(AppConfig):
    """Named here so that its label is `publisher`."""

    name = "publisher"
    label = "publisher"
