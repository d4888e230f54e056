"""What a program was answered, kept for a day: it may ask again, and nothing happens twice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction

from publisher.kit.sealed import seal, unseal
from publisher.models import KeptAnswer, Token

KEPT = timedelta(hours=24)
_PURPOSE = "kept answer"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was answered."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What a key stands for when a request with it comes."""

    row: KeptAnswer
    was: Literal["new", "under way", "other", "done"]


def begin(token: Token, key: str, request: str, *, now: datetime) -> Begun:
    """Take a key for a request, or say what it stands for already.

    Args:
        token: whose key it is: others may have the same.
        key: the program's own word.
        request: what tells this request from others, as text.
        now: aware.
    """
    digest, wanted = _hash(key), _hash(request)
    with transaction.atomic():
        KeptAnswer.objects.filter(token=token, key_sha256=digest, made_at__lte=now - KEPT).delete()
        row, new = KeptAnswer.objects.get_or_create(
            token=token,
            key_sha256=digest,
            defaults={"request_sha256": wanted, "made_at": now},
        )
    if new:
        return Begun(row=row, was="new")
    if row.request_sha256 != wanted:
        return Begun(row=row, was="other")
    return Begun(row=row, was="under way" if row.status is None else "done")


def finish(row: KeptAnswer, answer: Answer) -> None:
    """Keep what was answered, sealed: it may hold addresses."""
    row.status, row.headers = answer.status, dict(answer.headers)
    row.sealed_body = seal(_PURPOSE, answer.body)
    row.save(update_fields=["status", "headers", "sealed_body"])


def let_go(row: KeptAnswer) -> None:
    """Give a key free: nothing was done, so the same may be tried again."""
    row.delete()


def kept(row: KeptAnswer) -> Answer:
    """Give what was answered."""
    body = unseal(_PURPOSE, row.sealed_body)
    return Answer(status=row.status or 200, headers=row.headers, body=body)


def forget_old(*, now: datetime) -> int:
    """Forget what was kept for long enough; give how many answers that were."""
    gone, _ = KeptAnswer.objects.filter(made_at__lte=now - KEPT).delete()
    return gone


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
