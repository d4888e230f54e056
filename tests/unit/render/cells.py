"""Cells and templates to render, without a plan around them."""

import hashlib
from pathlib import Path

from publisher.flows.materials import sample
from publisher.models.cell import Cell
from publisher.models.specs import PictureFile
from publisher.render.rendition import check, forms, render
from tests.unit.schedule.specs import audience, channel, entry, message, organisation, outlet

TEMPLATES = Path(__file__).parents[3] / "templates"
SITE = "https://news.example.org"
VALUES = {
    "reader.name": "Anna Example",
    "reader.address": "anna@example.org",
    "unsubscribe_url": f"{SITE}/leave/t",
    "preferences_url": f"{SITE}/preferences/t",
    "seat_url": f"{SITE}/events/seat/t",
    "view_url": f"{SITE}/archive/k/",
    "circular.number": "ISO 2027/12",
    "circular.date": "12 March 2027",
}
PNG = b"\x89PNG\r\n\x1a\n"


class Files:
    """The templates that ship, with some of them replaced."""

    def __init__(self, **replaced):
        self.replaced = dict(replaced)

    def source(self, path):
        if path in self.replaced:
            return self.replaced[path]
        file = TEMPLATES / path
        return file.read_text() if file.is_file() else None

    def master(self, path):
        found = self.replaced.get(path)
        return found if isinstance(found, PictureFile) else None


def files(replaced=()):
    """Give the templates that ship, with those of the mapping in their place."""
    return Files(**dict(replaced))


SHIPPED = Files()


def cell(form="newsletter", *, words="Some words.", language="en", **said):
    """Give a cell; `said` may name its entry's, organisation's and outlet's fields."""
    title = said.pop("title", {"en": "A title", "fr": "Un titre", "ar": "عنوان"})
    who, org = said.pop("audience", "members"), said.pop("organisation", {"slug": "iso"})
    via, at = said.pop("channel", form), said.pop("at_local", None)
    settings, adapter = said.pop("settings", {}), said.pop("adapter", "capture")
    speaks_for = said.pop("speaks_for", ())
    messages, items = said.pop("messages", (message(),)), said.pop("partner_items", ())
    pictures = said.pop("files", {})
    needs = forms()[form].needs if form in forms() else ()
    material = said.pop("material", {name: sample(name) for name in needs})
    variants = words if isinstance(words, list) else [{"language": language, "words": words}]
    return Cell(
        entry=entry(title=title, words=variants, **said),
        audience=audience(who),
        outlet=outlet(org["slug"], via, adapter=adapter, settings=settings),
        channel=channel(via, form=form),
        organisation=organisation(**org),
        language=language,
        messages=messages,
        speaks_for=(organisation(**org), *(organisation(slug) for slug in speaks_for)),
        at_local=at,
        pictures=pictures,
        partner_items=items,
        material=material,
    )


def picture(content=PNG):
    """Give a picture file."""
    digest = hashlib.sha256(content).hexdigest()
    return PictureFile(sha256=digest, media_type="image/png", content=content)


def parts(form="newsletter", *, templates=SHIPPED, **said):
    """Render a cell and give its parts."""
    return rendered(form, templates=templates, **said).parts


def rendered(form="newsletter", *, templates=SHIPPED, **said):
    """Render a cell."""
    return render(cell(form, **said), templates, site_url=SITE)


def sentences(form="newsletter", *, templates=SHIPPED, **said):
    """Give what is wrong with a cell's words, as sentences with their place."""
    made = cell(form, **said)
    return [str(problem) for problem in check(made, render(made, templates, site_url=SITE))]
