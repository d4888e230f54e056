"""What came compressed, as far as it was allowed to grow.

A kilobyte can become a megabyte, and compressed twice over a gigabyte; so no more is ever made
of a piece than is still allowed.
"""

from __future__ import annotations

import zlib
from typing import Final

#: what `zlib` calls the ways of packing that clients of ours offer, RFC 9110 §8.4.1
OFFERED: Final = "gzip, deflate"
_WINDOWS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


class TooLarge(Exception):
    """More came out than was allowed."""


class CannotUnpack(Exception):
    """It is packed in a way that nobody offered, or damaged."""


class Unpacker:
    """Takes one body's pieces as they come.

    Args:
        encoding: the answer's `Content-Encoding`; what is packed twice nobody offered either.
        most: octets that may come out in all.
    """

    def __init__(self, encoding: str, most: int) -> None:
        self._most = most
        self._made = bytearray()
        name = encoding.strip().lower()
        if name not in {"", "identity", *_WINDOWS}:
            raise CannotUnpack(f"it is packed as “{name[:40]}”, which was not asked for")
        self._name = name
        self._box = zlib.decompressobj(_WINDOWS[name]) if name in _WINDOWS else None
        self._begun = False

    def take(self, piece: bytes) -> None:
        """Unpack a piece.

        Raises:
            TooLarge: see there.
            CannotUnpack: see there.
        """
        # One octet more than is allowed, to see that there is more.
        self._made += self._opened(piece, self._most + 1 - len(self._made))
        if len(self._made) > self._most:
            raise TooLarge

    def made(self) -> bytes:
        """Give all that came out."""
        return bytes(self._made)

    def _opened(self, piece: bytes, room: int) -> bytes:
        if self._box is None or not piece:
            return piece
        if self._box.eof:  # else it would keep whatever follows
            return b""
        first, self._begun = not self._begun, True
        try:
            return self._box.decompress(piece, room)
        except zlib.error as error:
            if not first or self._name != "deflate":
                raise CannotUnpack("it is packed, and damaged") from error
            # Some servers say deflate and send it without the frame that RFC 9110 §8.4.1.2 wants.
            self._box = zlib.decompressobj(-zlib.MAX_WBITS)
            return self._opened(piece, room)
