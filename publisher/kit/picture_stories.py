"""What a camera tells in a picture's file beside the picture: above all where it was taken."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

#: by Pillow's names: what people and programs wrote, and no part of how the picture looks
STORIES = frozenset(
    {"exif", "xmp", "XML:com.adobe.xmp", "photoshop", "comment", "Raw profile type exif",
     "Raw profile type xmp", "Raw profile type iptc"}
)  # fmt: skip
#: how the kinds that carry them are saved anew; what looks the same is worth more than bytes
KINDS: Mapping[str, dict[str, Any]] = {
    "JPEG": {"quality": 92, "subsampling": 0, "optimize": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 92, "method": 4},
}


def without_stories(content: bytes) -> bytes:
    """Give a picture without them, turned as they say it is to be seen; its colours stay.

    A file that tells nothing comes back byte for byte, and so does one of several frames that
    tells nothing of a place.
    """
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=(*KINDS, "GIF")) as opened:
        kind, frames = str(opened.format), getattr(opened, "n_frames", 1)
        opened.load()
        if kind not in KINDS or not (opened.getexif() or STORIES & opened.info.keys()):
            return content
        colours = {"icc_profile": profile} if (profile := opened.info.get("icc_profile")) else {}
        all_of_it = {"save_all": True} if frames > 1 else {}
        seen = opened if frames > 1 else ImageOps.exif_transpose(opened)
        for name in STORIES & seen.info.keys():
            del seen.info[name]
        made = io.BytesIO()
        seen.save(made, kind, **{**KINDS[kind], **colours, **all_of_it}, exif=b"", xmp=b"")
    return made.getvalue()
