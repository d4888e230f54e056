"""Credentials at rest."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from publisher.kit.vault import Vault, VaultFailed

CREDENTIAL = {"api_key": "SG.very-secret"}


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault", "a secret key")


def test_what_is_put_in_comes_out(vault):
    """And a second put replaces it."""
    vault.put("iso-sendgrid", {"api_key": "old"})
    vault.put("iso-sendgrid", CREDENTIAL)

    assert vault.get("iso-sendgrid") == CREDENTIAL
    assert vault.get("nobody") is None
    assert vault.names() == ["iso-sendgrid"]


def test_on_disk_it_is_sealed_and_its_owners_alone(vault, tmp_path):
    """Nobody else on the machine may read even the sealed form."""
    vault.put("iso-sendgrid", CREDENTIAL)

    (file,) = (tmp_path / "vault").iterdir()
    assert b"very-secret" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_another_secret_key_does_not_open_it(vault, tmp_path):
    """The sentence says what to do."""
    vault.put("iso-sendgrid", CREDENTIAL)

    with pytest.raises(VaultFailed, match="publisher accounts set iso-sendgrid"):
        Vault(tmp_path / "vault", "another key").get("iso-sendgrid")


def test_one_accounts_file_cannot_stand_in_for_anothers(vault, tmp_path):
    """Swapped or damaged files are noticed."""
    vault.put("one", CREDENTIAL)
    one = tmp_path / "vault" / "one.sealed"
    (tmp_path / "vault" / "two.sealed").write_bytes(one.read_bytes())
    (tmp_path / "vault" / "three.sealed").write_bytes(b"")

    for name in ("two", "three"):
        with pytest.raises(VaultFailed):
            vault.get(name)


@pytest.mark.parametrize("name", ["", "../x", "A B", "x/y", ".hidden", "a" * 90, "SG.key"])
def test_a_name_is_a_name(vault, name):
    """It becomes a file's name, and no path."""
    with pytest.raises(VaultFailed):
        vault.put(name, CREDENTIAL)


def test_what_was_removed_is_gone(vault):
    """And removing it twice says so."""
    vault.put("one", CREDENTIAL)

    assert vault.remove("one") is True
    assert vault.remove("one") is False
    assert vault.get("one") is None
