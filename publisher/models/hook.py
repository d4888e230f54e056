"""Programs of others' that are told what happens, what each is told, and how that went."""

from __future__ import annotations

import uuid

from django.db import models

from publisher.models.organisation import Organisation


class EventName(models.TextChoices):
    """What a hook may be told; decided for what each one's organisation owns."""

    PLACEMENT_STARTED = "placement.started"
    PLACEMENT_FINISHED = "placement.finished"
    PLACEMENT_HELD = "placement.held"  #: something holds it up, for a while or until somebody acts
    PLACEMENT_FAILED = "placement.failed"  #: it ended, was refused, and reached nobody
    PLACEMENT_UNCERTAIN = "placement.uncertain"
    PLACEMENT_MISSED = "placement.missed"
    APPROVAL_ASKED = "approval.asked"
    ENTRY_APPROVED = "entry.approved"  #: by one organisation
    ENTRY_REFUSED = "entry.refused"  #: likewise: “no” or “not yet”
    ENTRY_UNAPPROVED = "entry.unapproved"  #: its words changed since somebody said yes
    PROMISE_LATE = "promise.late"
    PLAN_APPLIED = "plan.applied"
    INTAKE_CAME = "intake.came"
    READER_SUBSCRIBED = "reader.subscribed"
    READER_LEFT = "reader.left"
    READER_BOUNCED = "reader.bounced"


#: what a hook is sent when somebody tries it; nobody asks for it beforehand
TEST = "hook.test"


class Hook(models.Model):
    """A receiver: an address of some program's, and what it wants to be told."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="hooks")
    name = models.CharField(max_length=100)
    url = models.CharField(max_length=500)  #: https, without a password
    #: http and the operator's own network are let through; only an operator says so
    private = models.BooleanField(default=False)
    events = models.JSONField()  #: of `EventName`
    sealed_secret = models.TextField()  #: see `kit/sealed`
    sealed_before = models.TextField(blank=True)  #: the secret before it, which still signs
    before_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)  #: nothing got through since then
    off_at = models.DateTimeField(null=True)  #: null: it is told
    #: why the product switched it off, `gone` or `failing`; empty: a person did
    off_why = models.CharField(max_length=8, blank=True)

    class Meta:
        ordering = ("organisation__slug", "name", "id")


class CallState(models.TextChoices):
    """Where the telling of one event stands."""

    WAITING = "waiting"
    TOLD = "told"
    GIVEN_UP = "given up"


class HookCall(models.Model):
    """One event as one hook is told it: written in the transaction of the fact, sent later."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="calls")
    key = models.UUIDField(default=uuid.uuid4, unique=True)  #: the receiver knows a repeat by it
    event = models.CharField(max_length=40)  #: of `EventName`, or `TEST`
    data = models.JSONField()  #: ids and figures; no address, no words
    once = models.CharField(max_length=64, null=True)  #: a hash of what is told once, or null
    at = models.DateTimeField()  #: of the fact
    state = models.CharField(max_length=8, choices=CallState, default=CallState.WAITING)
    due_at = models.DateTimeField()  #: while it waits: not before; while it is sent: taken up again
    attempts = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("hook", "once"), name="told_once")]
        indexes = [
            models.Index(
                fields=("due_at",),
                condition=models.Q(state=CallState.WAITING),
                name="hook_calls_waiting",
            ),
            models.Index(fields=("hook", "-at")),
        ]

    @property
    def identifier(self) -> str:
        """The `webhook-id`."""
        return f"msg_{self.key.hex}"


class HookAttempt(models.Model):
    """One time that it was tried."""

    call = models.ForeignKey(HookCall, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.IntegerField(null=True)  #: null: there was no answer
    seconds = models.FloatField()
    problem = models.CharField(max_length=300, blank=True)  #: why there was none, as a sentence

    class Meta:
        ordering = ("-at", "-id")
