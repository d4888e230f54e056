"""The key that signs links and seals the vault: given, or made once in the data folder."""

import os
import secrets
from pathlib import Path

from publisher.settings import Settings


def secret_key(settings: Settings) -> str:
    """Give the key from `PUBLISHER_SECRET_KEY`, else from the data folder, made at first use."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    return _kept(settings.data_folder / "secret-key")


def _kept(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        try:
            os.link(made, path)  # fails if another process was first: then its key is the key
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text()
