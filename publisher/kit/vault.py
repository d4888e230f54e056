"""Credentials, sealed on disk: a file per account in `data/vault`.

Sealed with AES-256-GCM under a key derived from the secret key (HKDF-SHA-256, RFC 5869); an
account's name is bound in, so that one account's file cannot stand in for another's.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from publisher.kit import files
from publisher.kit.secret import secret_key
from publisher.settings import Settings

#: The first byte says how the rest is sealed, for the day this changes.
_FORMAT = b"\x01"
_NONCE = 12  # bytes, NIST SP 800-38D §8.2
_NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*\Z")


class VaultFailed(Exception):
    """A credential cannot be opened or named; the sentence says what to do."""


class Vault:
    """The credentials of one installation.

    Args:
        folder: made, for its owner only, when the first credential is put in.
        secret: the installation's secret key.
    """

    def __init__(self, folder: Path, secret: str) -> None:
        self._folder = folder
        self._box = AESGCM(HKDF(SHA256(), 32, None, b"publisher vault").derive(secret.encode()))

    @classmethod
    def of(cls, settings: Settings) -> Vault:
        """Give the vault of the data folder."""
        return cls(settings.data_folder / "vault", secret_key(settings))

    def put(self, account: str, credential: Mapping[str, str]) -> None:
        """Keep a credential under an account's name, in place of any before it.

        Raises:
            VaultFailed: the name is not lower-case letters, digits, hyphens and underscores.
        """
        path = self._path(account)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        nonce = os.urandom(_NONCE)
        sealed = self._box.encrypt(nonce, json.dumps(dict(credential)).encode(), account.encode())
        files.write(path, _FORMAT + nonce + sealed, mode=0o600)

    def get(self, account: str) -> dict[str, str] | None:
        """Give a credential, or None if there is none of that name.

        Raises:
            VaultFailed: it was sealed with another secret key, or damaged.
        """
        path = self._path(account)
        if not path.is_file():
            return None
        kept = path.read_bytes()
        nonce, sealed = kept[1 : 1 + _NONCE], kept[1 + _NONCE :]
        try:
            if kept[:1] != _FORMAT:
                raise InvalidTag
            opened: dict[str, str] = json.loads(self._box.decrypt(nonce, sealed, account.encode()))
        except (InvalidTag, ValueError) as error:
            raise VaultFailed(
                f"the credential “{account}” was sealed with another secret key, or is damaged; "
                f"set it again with: publisher accounts set {account}"
            ) from error
        return opened

    def remove(self, account: str) -> bool:
        """Forget a credential; False if there was none of that name."""
        path = self._path(account)
        there = path.is_file()
        path.unlink(missing_ok=True)
        return there

    def names(self) -> list[str]:
        """Give the names of the accounts; what is in them stays sealed."""
        return sorted(path.stem for path in self._folder.glob("*.sealed"))

    def _path(self, account: str) -> Path:
        if not _NAME.match(account) or len(account) > 80:
            raise VaultFailed(
                f"“{account}” cannot name an account; use lower-case letters, digits and hyphens"
            )
        return self._folder / f"{account}.sealed"
