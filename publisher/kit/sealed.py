"""Short secrets that must be kept in the database, such as an authenticator's key: sealed.

AES-256-GCM under a key derived from the installation's secret key (HKDF-SHA-256, RFC 5869), one
for each purpose: who has a copy of the database alone can read none of them.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from publisher.kit.secret import secret_key
from publisher.settings import settings

_NONCE = 12  # bytes, NIST SP 800-38D §8.2


def seal(purpose: str, text: str) -> str:
    """Give text that only this installation can read again."""
    nonce = os.urandom(_NONCE)
    box = _box(purpose).encrypt(nonce, text.encode(), None)
    return urlsafe_b64encode(nonce + box).decode()


def unseal(purpose: str, sealed: str) -> str:
    """Give back what was sealed.

    Raises:
        ValueError: it was sealed with another secret key or for another purpose, or is damaged.
    """
    kept = urlsafe_b64decode(sealed)
    try:
        return _box(purpose).decrypt(kept[:_NONCE], kept[_NONCE:], None).decode()
    except InvalidTag:
        raise ValueError("this was sealed with another secret key, or is damaged") from None


@cache
def _box(purpose: str) -> AESGCM:
    key = HKDF(SHA256(), 32, None, f"publisher sealed {purpose}".encode())
    return AESGCM(key.derive(secret_key(settings()).encode()))
