"""What lets a program in: it acts for the person who made it, and may less, never more."""

from __future__ import annotations

from django.db import models

from publisher.models.person import Person


class Token(models.Model):
    """One program's key to the programs' door; what opens it is shown once and kept nowhere."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)  #: what the person calls the program
    #: how the token begins: it finds the row, and names the token in the audit trail
    prefix = models.CharField(max_length=16, unique=True)
    token_sha256 = models.CharField(max_length=64)
    acts = models.JSONField()  #: of `Act`: what the program may do of what the person may
    #: slugs: for which organisations; empty: all that the person may do it for
    organisations = models.JSONField(default=list)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)  #: last time, to some minutes
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at", "-id")


class KeptAnswer(models.Model):
    """What a program was answered, kept for a day for when it asks the same again."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="+")
    key_sha256 = models.CharField(max_length=64)  #: of the `Idempotency-Key`
    request_sha256 = models.CharField(max_length=64)  #: of method, address and body
    status = models.IntegerField(null=True)  #: null: it is still being done
    headers = models.JSONField(default=dict)
    sealed_body = models.TextField(blank=True)  #: it may hold addresses, or a secret shown once
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("token", "key_sha256"), name="one_answer_to_a_key")
        ]
