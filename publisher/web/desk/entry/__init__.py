"""Entries: the words, everything beside them, and how each reader will see them."""

from publisher.models import Act
from publisher.web.desk.area import Area
from publisher.web.desk.door import desk
from publisher.web.desk.entry.beside import comment, draft
from publisher.web.desk.entry.history import versions
from publisher.web.desk.entry.saving import create, save
from publisher.web.desk.entry.showing import attachment, frame, preview
from publisher.web.desk.entry.views import listed, opened, owners_of

area = Area(
    name="entries",
    routes=(
        desk("entries/", listed, name="entries"),
        desk("entries/new/", create, Act.EDIT, name="entry-new"),
        desk("entry/<slug:slug>/", opened, name="entry"),
        desk("entry/<slug:slug>/save", save, Act.EDIT, owners_of, name="entry-save"),
        desk("entry/<slug:slug>/preview", preview, name="entry-preview"),
        desk("entry/<slug:slug>/frame", frame, name="entry-frame"),
        desk("entry/<slug:slug>/file/<int:number>", attachment, name="entry-file"),
        desk("entry/<slug:slug>/draft", draft, Act.EDIT, owners_of, name="entry-draft"),
        desk("entry/<slug:slug>/comments", comment, name="entry-comment"),
        desk("entry/<slug:slug>/versions/", versions, name="entry-versions"),
    ),
)
