"""What the social networks share: posting a thread, and finding one that may be there."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from publisher.adapters.shared import words
from publisher.models.adapter import Consignment, Outcome, Parcel, Report, Verdict
from publisher.models.content import PictureRef
from publisher.models.errors import DeliveryError, OutcomeUnknown, TryLater, WillNeverWork

#: `@name@server` is shown as `@name`
MENTION = re.compile(r"(@\w+)@[\w.-]+\w")


@dataclass(frozen=True, kw_only=True)
class Posted:
    """One part of a thread as the network has it."""

    id: str
    url: str
    text: str  #: as the network gives it back, without markup


class Account(Protocol):
    """What an account on a network can do; each raises only the `DeliveryError` family."""

    #: whether an interrupted thread is found again by itself and taken up where it stopped
    resumes: bool

    def upload(self, picture: PictureRef, content: bytes) -> str:
        """Upload a picture with its alternative text, and give the network's id for it."""
        ...

    def post(
        self, text: str, *, after: Posted | None, media: Sequence[str], key: str, language: str
    ) -> Posted:
        """Post one part, as a reply to the part before it."""
        ...

    def there(self, texts: Sequence[str], keys: Sequence[str], since: datetime) -> list[Posted]:
        """Give a thread's first parts that are there, in order.

        Args:
            texts: of all its parts.
            keys: theirs, as `post` is given them.
            since: when its placement started.
        """
        ...

    def take_back(self, posted: Posted) -> None:
        """Delete a part."""
        ...


async def hand_over(
    account: Account,
    consignment: Consignment,
    windows: AsyncIterator[Sequence[Parcel]],
    report: Report,
    *,
    check: Callable[[Sequence[str]], None] = lambda _texts: None,
) -> None:
    """Post each parcel's thread, or what is missing of it, and report where it stands.

    Args:
        account: whose posts they are.
        consignment: the words and pictures.
        windows: see `Adapter.hand_over`.
        report: likewise.
        check: is given the texts first, and may raise WillNeverWork.

    Raises:
        DeliveryError: see `publish`.
    """
    async for window in windows:
        for parcel in window:
            said = words.texts(words.filled(consignment, parcel))
            await asyncio.to_thread(check, said)
            url = await asyncio.to_thread(publish, account, consignment, said, parcel.key)
            report(Outcome(delivery=parcel.delivery, verdict=Verdict.ACCEPTED, url=url))


async def ask(account: Account, consignment: Consignment, parcel: Parcel) -> Outcome | None:
    """Look for a thread among the account's newest posts; None: it cannot be told."""
    said = words.texts(words.filled(consignment, parcel))
    return await asyncio.to_thread(outcome, account, consignment, parcel, said)


def publish(account: Account, consignment: Consignment, texts: Sequence[str], key: str) -> str:
    """Post a thread with its pictures on the first part, and give its address.

    Raises:
        DeliveryError: nothing of it is there, or, with TryLater on a network that resumes, the
            next attempt takes it up where it stopped.
        OutcomeUnknown: some or all of it may be there.
    """
    if not texts:
        raise WillNeverWork("there are no words to post")
    posted = already(account, consignment, texts, key) if account.resumes else []
    media = [] if posted else _uploaded(account, consignment)
    for number, text in enumerate(texts[len(posted) :], start=len(posted) + 1):
        try:
            part = account.post(
                text,
                after=posted[-1] if posted else None,
                media=media if number == 1 else (),
                key=part_key(key, number),
                language=consignment.content.language,
            )
        except OutcomeUnknown:
            raise
        except DeliveryError as error:
            _withdraw(account, posted, len(texts), error)
            raise
        posted.append(part)
    return posted[0].url


def already(
    account: Account, consignment: Consignment, texts: Sequence[str], key: str
) -> list[Posted]:
    """Give the thread's first parts that are there, in order."""
    keys = [part_key(key, number) for number in range(1, len(texts) + 1)]
    return account.there(texts, keys, consignment.published_at)


def part_key(key: str, number: int) -> str:
    """Give the key of a thread's part, counted from 1."""
    return f"{key}.{number}"


def by_words(newest: Sequence[Posted], texts: Sequence[str]) -> list[Posted]:
    """Give a thread's first parts among an account's newest posts, told by their words."""
    there = {plain(one.text): one for one in reversed(newest)}
    found: list[Posted] = []
    for text in texts:
        if plain(text) not in there:
            break
        found.append(there[plain(text)])
    return found


def outcome(
    account: Account, consignment: Consignment, parcel: Parcel, texts: Sequence[str]
) -> Outcome | None:
    """Say what became of a thread whose outcome is uncertain; None: it cannot be told.

    What is not there may still come: only where a repeat is recognised may it be tried again.
    """
    found = already(account, consignment, texts, parcel.key)
    if len(found) == len(texts):
        return Outcome(delivery=parcel.delivery, verdict=Verdict.ACCEPTED, url=found[0].url)
    if account.resumes:
        answer = f"{len(found)} of {len(texts)} parts are there"
        return Outcome(delivery=parcel.delivery, verdict=Verdict.LATER, answer=answer)
    if not found:
        return None
    return Outcome(
        delivery=parcel.delivery,
        verdict=Verdict.UNCERTAIN,
        answer=f"{len(found)} of {len(texts)} parts are there",
        url=found[0].url,
    )


def plain(text: str) -> str:
    """Give what stays the same when a network lays a text out: its letters, without spaces."""
    return "".join(unicodedata.normalize("NFC", MENTION.sub(r"\1", text)).split())


def _uploaded(account: Account, consignment: Consignment) -> list[str]:
    pictures = consignment.content.pictures
    if absent := [one.filename for one in pictures if one.sha256 not in consignment.pictures]:
        raise WillNeverWork(f"the picture {absent[0]} is missing")
    return [account.upload(one, consignment.pictures[one.sha256]) for one in pictures]


def _withdraw(account: Account, posted: Sequence[Posted], count: int, why: DeliveryError) -> None:
    """Take the first parts of a broken thread back, unless it will be taken up again."""
    if isinstance(why, TryLater) and account.resumes:
        return
    try:
        for part in reversed(posted):
            account.take_back(part)
    except DeliveryError as error:
        sentence = f"{len(posted)} of {count} parts went out, from {posted[0].url} on: {why}"
        raise OutcomeUnknown(sentence) from error
