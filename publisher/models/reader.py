"""Somebody we may write to, what they agreed to, and whom we must not write to."""

from django.contrib.postgres.indexes import GinIndex, HashIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import Lower

from publisher.models.channel import Channel
from publisher.models.organisation import Organisation


class Reader(models.Model):
    """A person or address; receives only what its consents and preferences say."""

    address = models.CharField(max_length=320)  #: as given; compared without case
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=12, default="en")
    attributes = models.JSONField(default=dict)  #: what audiences' rules ask for
    muted = models.JSONField(default=list)  #: slugs of key messages it does not want to hear about
    created_at = models.DateTimeField()
    #: `kit.signing.address_hash` of the address, so that suppressions are compared in SQL; blank
    #: until the next addressing fills it in
    address_hash = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            # found by what it begins with, too: else it would be sorted by a language's rules
            models.UniqueConstraint(
                OpClass(Lower("address"), name="text_pattern_ops"), name="one_reader_per_address"
            )
        ]
        indexes = [
            GinIndex(fields=("attributes",), name="readers_attributes"),
            models.Index(
                fields=("id",), condition=models.Q(address_hash=""), name="readers_without_hash"
            ),
            # which readers a suppression is about; they are few beside those it is not
            HashIndex(
                fields=("address_hash",),
                condition=~models.Q(address_hash=""),
                name="readers_by_hash",
            ),
            # the words of a name by how they begin
            GinIndex(SearchVector("name", config="simple"), name="readers_by_name"),
            # what is shown is a page, the newest first
            models.Index(fields=("language", "-id"), name="readers_by_language"),
        ]


class Consent(models.Model):
    """What a reader agreed to, when, how, and in which words; withdrawn, never deleted.

    A consent is for one organisation's one channel. It is *pending* until confirmed by mail
    (double opt-in), unless it was given elsewhere and imported with its evidence.
    """

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="consents")
    # Whether these two are there is checked once for all that a statement adds: see decision 40.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    given_at = models.DateTimeField()
    source = models.CharField(max_length=200)  #: the form's address, an import's name
    wording = models.TextField()  #: the sentence agreed to
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)  #: one-click, page, bounce, officer

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("reader", "organisation", "channel"),
                condition=models.Q(withdrawn_at=None),
                name="one_live_consent",
            )
        ]
        indexes = [
            models.Index(
                fields=("organisation", "channel", "-reader"), name="consents_by_organisation"
            )
        ]


class Suppression(models.Model):
    """An address never to be written to again, kept as a keyed hash so that it can be forgotten."""

    address_hash = models.CharField(max_length=64, primary_key=True)  #: `kit.signing.address_hash`
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
