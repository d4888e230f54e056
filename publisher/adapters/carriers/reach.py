"""Which machine a carrier speaks to: a public one, unless its credential says otherwise.

Where a site goes stands in the vault, with the key to it, so that who may change the plan cannot
send it, or the key, somewhere else.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Mapping

from publisher.kit.public_addresses import is_public
from publisher.models.errors import NeedsConnecting, TryLater


def allows_private(credential: Mapping[str, str]) -> bool:
    """Say whether the target may stand in a private network, as a company's own server does."""
    return credential.get("private", "").lower() == "yes"


async def reached(host: str, port: int, credential: Mapping[str, str]) -> str:
    """Give the number to connect to, checked.

    Raises:
        TryLater: nobody knows the name.
        NeedsConnecting: it is not a public address.
    """
    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TryLater(f"{host} is not known to the Internet's names") from error
    numbers = [str(address[0]) for *_, address in found]
    public = all(is_public(ipaddress.ip_address(number)) for number in numbers)
    if not public and not allows_private(credential):
        raise NeedsConnecting(
            f"{host} is not a public address; where that is meant, add private: yes to the account"
        )
    return numbers[0]
