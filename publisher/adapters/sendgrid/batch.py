"""A consignment as SendGrid's JSON: words once, and each reader's values beside them."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from publisher.adapters.mail import headers
from publisher.adapters.mail.segments import filled_in, value, written
from publisher.adapters.shared.words import filled
from publisher.kit import ics
from publisher.kit.text import one_line
from publisher.models.adapter import Consignment, Json, Outcome, Parcel, Verdict
from publisher.models.content import HOLE
from publisher.models.errors import WillNeverWork

#: octets of one reader's substitutions, names included
#: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/limitations
LONGEST_VALUES: Final = 10_000

#: Nobody's links are rewritten and nobody's reading is watched: what was approved is what is
#: sent, and leaving is our own link.
_TRACKING = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
}


class Batch:
    """Makes the bodies of a consignment's requests.

    Args:
        consignment: whose words they are.
        secret: makes the marks that stand for values impossible to guess, so that no reader's
            name can hold one.

    Raises:
        WillNeverWork: the sender cannot stand in a mail.
    """

    def __init__(self, consignment: Consignment, *, secret: str) -> None:
        self._consignment = consignment
        self._marks = hmac.digest(secret.encode(), consignment.key.encode(), "sha256").hex()[:20]
        self._domain = headers.mailbox(consignment.sender.address).rpartition("@")[2]
        self._names = sorted(consignment.content.holes - consignment.values.keys())
        alone = consignment.content.program or _is_personal(consignment)
        self._shared = None if alone else self._with_marks()

    def sorted(self, window: Sequence[Parcel]) -> tuple[list[Parcel], list[Outcome]]:
        """Tell the parcels that can be sent from those that never can."""
        fit, refused = [], []
        for parcel in window:
            try:
                self._personalisation(parcel)
                self._parts([parcel])
            except WillNeverWork as error:
                refused.append(
                    Outcome(delivery=parcel.delivery, verdict=Verdict.REFUSED, answer=str(error))
                )
            else:
                fit.append(parcel)
        return fit, refused

    def requests(self, parcels: Sequence[Parcel]) -> Iterator[Sequence[Parcel]]:
        """Give the parcels by request: all in one, unless each reader gets another mail."""
        if self._shared is not None:
            yield parcels
        else:
            yield from ([parcel] for parcel in parcels)

    def body(self, parcels: Sequence[Parcel]) -> Json:
        """Give one request's JSON, its personalisations in the parcels' order."""
        sender, parts = self._consignment.sender, self._parts(parcels)
        made: dict[str, Json] = {
            "personalizations": [self._personalisation(parcel) for parcel in parcels],
            "from": {"email": headers.mailbox(sender.address), "name": sender.name},
            "subject": one_line(parts["subject"]),
            "content": [
                {"type": media_type, "value": parts[part]}
                for part, media_type in (("text", "text/plain"), ("html", "text/html"))
                if parts.get(part)
            ],
            "tracking_settings": _TRACKING,
        }
        if calendar := parts.get("calendar"):
            made["content"].append(_calendar(calendar))
        if sender.reply_to:
            made["reply_to"] = {"email": headers.mailbox(sender.reply_to)}
        if files := self._files(parts):
            made["attachments"] = files
        return made

    def _personalisation(self, parcel: Parcel) -> Json:
        to = {"email": headers.mailbox(parcel.address)}
        if parcel.name:
            to["name"] = headers.one_line(parcel.name, "a name")
        return {
            "to": [to],
            "headers": self._headers(parcel),
            "substitutions": self._substitutions(parcel),
            # They come back with each event: see `publisher.feedback.sendgrid`.
            "custom_args": {
                "publisher_delivery": str(parcel.delivery),
                "publisher_key": parcel.key,
            },
        }

    def _headers(self, parcel: Parcel) -> dict[str, str]:
        consignment, organisation = self._consignment, self._consignment.organisation.slug
        feedback = (consignment.key, consignment.entry, consignment.channel, organisation)
        made = {
            "Message-ID": f"<{parcel.key}@{self._domain}>",
            "List-Id": f"<{consignment.channel}.{organisation}.{self._domain}>",
            "Feedback-ID": ":".join(feedback),
            "Content-Language": consignment.content.language,
        }
        if url := parcel.values.get("unsubscribe_url"):
            made["List-Unsubscribe"] = headers.web_address(url).decode()
            made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return made

    def _substitutions(self, parcel: Parcel) -> dict[str, str]:
        if self._shared is None:
            return {}
        made = {}
        for name in self._names:
            given = value(name, parcel.values)
            made[self._mark(name, "html")] = written(given, html=True)
            made[self._mark(name, "text")] = written(given, html=False)
            made[self._mark(name, "subject")] = one_line(given)
        if sum(len(mark) + len(said.encode()) for mark, said in made.items()) > LONGEST_VALUES:
            raise WillNeverWork(f"its values are longer than {LONGEST_VALUES} octets")
        return made

    def _mark(self, name: str, part: str) -> str:
        # A fixed width, so that no mark is the beginning of another.
        return f"[{self._marks}-{self._names.index(name):03}-{part}]"

    def _parts(self, parcels: Sequence[Parcel]) -> Mapping[str, str]:
        if self._shared is not None:
            return self._shared
        return filled(self._consignment, parcels[0])

    def _with_marks(self) -> dict[str, str]:
        """Fill in what is known already, and put marks where readers' values go."""
        parts = {}
        for name in ("subject", "text", "html", "calendar"):
            known = filled_in(
                self._consignment.content.parts.get(name, ""),
                self._consignment.values,
                html=name == "html",
            )
            parts[name] = self._marked(known, name)
        return parts

    def _marked(self, text: str, part: str) -> str:
        return HOLE.sub(lambda hole: self._mark(hole[1], part), text)

    def _files(self, parts: Mapping[str, str]) -> list[Json]:
        """Give the attachments, and the pictures the HTML shows from the mail itself."""
        consignment, html = self._consignment, parts.get("html", "")
        shown = [
            {
                **_file(picture.filename, picture.media_type, consignment.pictures[picture.sha256]),
                "disposition": "inline",
                "content_id": picture.sha256,
            }
            for picture in consignment.content.pictures
            if f"cid:{picture.sha256}" in html
        ]
        sent = [(one.filename, one.media_type, one.content) for one in consignment.attachments]
        if calendar := parts.get("calendar"):
            # For programs that know an invitation only as a file, as over SMTP.
            sent.append(("invite.ics", "application/ics", ics.wire(calendar)))
        return shown + [{**_file(*one), "disposition": "attachment"} for one in sent]


def _is_personal(consignment: Consignment) -> bool:
    """Whether it is an invitation that names its attendee: the service fills in no files."""
    calendar = consignment.content.parts.get("calendar", "")
    return any(match[1] not in consignment.values for match in HOLE.finditer(calendar))


def _calendar(text: str) -> Json:
    """Give an invitation.

    The parameter is taken by the service, though not in its reference:
    https://github.com/sendgrid/sendgrid-ruby/issues/298
    """
    lines = ics.wire(text).decode()
    return {"type": f"text/calendar; method={ics.method(text)}", "value": lines}


def _file(filename: str, media_type: str, content: bytes) -> dict[str, str]:
    coded = b64encode(content).decode()
    return {"content": coded, "type": media_type, "filename": one_line(filename)}
