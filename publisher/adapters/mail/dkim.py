"""DKIM: a signature over a mail, by which its receivers know whose domain answers for it.

Sources: RFC 6376 (DKIM), 8463 (Ed25519), 8301 (SHA-256 and keys of 2,048 bits).
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

Kind = Literal["rsa", "ed25519"]

KINDS: tuple[Kind, ...] = ("rsa", "ed25519")
RSA_BITS = 2048
#: signed where they are there; what is named twice cannot be added afterwards (RFC 6376 §5.4.2)
SIGNED = (
    "from", "from", "to", "to", "subject", "subject", "date", "date", "message-id", "reply-to",
    "list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id", "content-language",
    "mime-version", "content-type", "content-transfer-encoding",
)  # fmt: skip
LONGEST_STRING = 255  #: octets of a string of a TXT record (RFC 1035 §3.3)
_WHITE = re.compile(rb"[ \t\r\n]+")
_FIELD_END = re.compile(rb"\r\n(?![ \t])")


def new_key(kind: Kind) -> str:
    """Make a private key, as PEM."""
    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
    if kind == "rsa":
        key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    else:
        key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def record(pem: str) -> str:
    """Give what the TXT record says of a key (RFC 6376 §3.6.1, RFC 8463 §4)."""
    key = _opened(pem)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        kind, public = "ed25519", key.public_key().public_bytes_raw()
    else:
        kind = "rsa"
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    return f"v=DKIM1; k={kind}; p={b64encode(public).decode()}"


def strings(said: str) -> str:
    """Write a TXT record's text as a zone file does: in strings that are short enough."""
    parts = (said[at : at + LONGEST_STRING] for at in range(0, len(said), LONGEST_STRING))
    return " ".join(f'"{part}"' for part in parts)


class Signer:
    """One key of one domain.

    The header is signed in the relaxed form, for relays fold it anew; the body as it is, for it
    is ASCII, in quoted-printable, and nobody has a reason to touch it.
    """

    def __init__(self, *, domain: str, selector: str, pem: str, at: datetime) -> None:
        self._key = _opened(pem)
        kind = "ed25519" if isinstance(self._key, ed25519.Ed25519PrivateKey) else "rsa"
        # The moment is the placement's, so that a repeat of a mail is the same to the octet.
        self._tags = (
            f"v=1; a={kind}-sha256; c=relaxed/simple; d={domain}; s={selector};\r\n"
            f" t={int(at.timestamp())};"
        ).encode()

    def field(self, fields: dict[bytes, bytes], body_hash: bytes) -> bytes:
        """Give the header field that signs a mail.

        Args:
            fields: the mail's, by name, in the relaxed form.
            body_hash: the body's, in base64.
        """
        names, signed = _signed(fields)
        said = self._tags + b" h=" + names + b";\r\n bh=" + body_hash + b";\r\n b="
        # RFC 6376 §3.7: the field itself comes last, without its signature and its line's end.
        signed += b"dkim-signature:" + _WHITE.sub(b" ", said)
        return b"DKIM-Signature: " + said + _folded(b64encode(self._signature(signed))) + b"\r\n"

    def _signature(self, data: bytes) -> bytes:
        if isinstance(self._key, ed25519.Ed25519PrivateKey):
            return self._key.sign(hashlib.sha256(data).digest())  # RFC 8463 §3
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def signatures(mail: bytes, signers: Sequence[Signer]) -> bytes:
    """Give the header fields that sign a mail, to stand before it."""
    head, _, body = mail.partition(b"\r\n\r\n")
    # RFC 6376 §3.4.3: empty lines at the end do not count, and one line end always does.
    whole = body if not body.endswith(b"\r\n\r\n") else body.rstrip(b"\r\n") + b"\r\n"
    body_hash = b64encode(hashlib.sha256(whole or b"\r\n").digest())
    fields = {}
    for field in _FIELD_END.split(head):
        name, _, said = field.partition(b":")
        fields[name.strip().lower()] = _WHITE.sub(b" ", said).strip()
    return b"".join(signer.field(fields, body_hash) for signer in signers)


def _signed(fields: dict[bytes, bytes]) -> tuple[bytes, bytes]:
    """Give the names of what is signed, and its relaxed form (RFC 6376 §3.4.2)."""
    names = [name for name in map(str.encode, SIGNED) if name in fields]
    once = dict.fromkeys(names)
    text = b"".join(b"%b:%b\r\n" % (name, fields[name]) for name in once)
    return b":\r\n ".join(_in_lines(names)), text


def _in_lines(names: Sequence[bytes]) -> list[bytes]:
    return [b":".join(names[at : at + 4]) for at in range(0, len(names), 4)]


def _folded(value: bytes) -> bytes:
    return b"\r\n ".join(value[at : at + 72] for at in range(0, len(value), 72))


def _opened(pem: str) -> rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        raise TypeError("a DKIM key is an RSA or an Ed25519 key")
    return key
