"""What stands beside an entry while it is written: drafts, remarks, tests, and links' answers."""

from django.db import models

from publisher.models.person import Person


class Draft(models.Model):
    """What somebody typed and has not saved: at most one for each person and entry.

    It is no part of the plan, so approvals stand until it is saved.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    entry = models.CharField(max_length=80)  #: slug; empty: one that is not there yet
    fields = models.JSONField()  #: lists of what was typed, by the form's names
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("person", "entry"), name="one_draft")]


class Comment(models.Model):
    """A remark on an entry, until somebody has seen to it; nobody else reads it than the desk."""

    entry = models.CharField(max_length=80, db_index=True)  #: slug
    #: which words it is about, as `language=fr form=post`; empty: all of it
    about = models.CharField(max_length=300, blank=True)
    line = models.PositiveIntegerField(null=True)  #: of these words, from 1
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)  #: null: still open
    resolved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("at", "id")


class Trial(models.Model):
    """One copy of an entry's words to who asked for it; no placement and no figure knows of it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="trials")
    entry = models.CharField(max_length=80)  #: slug
    outlet = models.CharField(max_length=80)  #: slug
    audience = models.CharField(max_length=80)  #: slug
    #: what `Content.to_json` gives; emptied once it went
    content = models.JSONField()
    asked_at = models.DateTimeField(db_index=True)
    settled_at = models.DateTimeField(null=True)  #: null: it is on its way
    problem = models.TextField(blank=True)  #: why it did not go; empty: it went
    sends = models.BooleanField(default=True)  #: false: it is only shown to the spam filter
    #: what SpamAssassin says: `score`, `limit` and the `rules` that were met; empty: nothing
    verdict = models.JSONField(default=dict)

    class Meta:
        ordering = ("-asked_at", "-id")


class LinkAnswer(models.Model):
    """Whether an address that words link to answered when it was asked last."""

    url = models.CharField(max_length=2000, unique=True)
    asked_at = models.DateTimeField(null=True)  #: null: it is still to be asked
    problem = models.TextField(blank=True)  #: empty: it answered
