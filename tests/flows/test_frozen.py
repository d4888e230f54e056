"""What was frozen is made again with its own pictures, masters and annexes."""

from __future__ import annotations

import json

import pytest

from publisher.flows.frozen import content_of
from publisher.kit import clock
from publisher.models import Picture, Rendition
from publisher.models.content import Content, PictureRef

pytestmark = pytest.mark.django_db


def test_frozen_words_find_their_files_again():
    """Those they name, and no others; whoever says yes to them sees the papers made of them."""
    for name in "abcd":
        Picture.objects.create(sha256=name * 64, media_type="image/png", content=name.encode())
    picture = PictureRef(sha256="a" * 64, media_type="image/png", filename="a.png", alt="A")
    content = Content(
        form="agenda-item",
        language="en",
        direction="ltr",
        parts={"master": "b" * 64, "annexes": json.dumps([{"sha256": "c" * 64}])},
        pictures=(picture,),
    )
    kept = Rendition.objects.create(
        sha256=content.sha256,
        form=content.form,
        language="en",
        content=content.to_json(),
        made_at=clock.now(),
    )

    assert content_of(kept) == content
    assert content_of(kept).files == {"a" * 64: b"a", "b" * 64: b"b", "c" * 64: b"c"}
