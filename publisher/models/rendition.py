"""A placement's words, rendered and cut to fit."""

from django.db import models


class Rendition(models.Model):
    """Words kept under their own SHA-256: an approval names the words and nothing else.

    `content` is what `Content.to_json` gives. Two placements with the same words share a row; a
    row is never changed.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    form = models.CharField(max_length=80)
    language = models.CharField(max_length=12)
    content = models.JSONField()
    made_at = models.DateTimeField()
