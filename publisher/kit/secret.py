"""The key that signs links and seals the vault: given, or made once in the data folder."""

import secrets

from publisher.kit.files import made_once
from publisher.settings import Settings


def secret_key(settings: Settings) -> str:
    """Give the key from `PUBLISHER_SECRET_KEY`, else from the data folder, made at first use."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    return made_once(settings.data_folder / "secret-key", lambda: secrets.token_urlsafe(48))
