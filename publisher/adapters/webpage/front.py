"""The page that leads to the organisations' sites, at `/site/`, and the map of their site maps."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from publisher.adapters.webpage import sitemap
from publisher.adapters.webpage.making import organisations
from publisher.kit import files, words
from publisher.kit.text import direction
from publisher.models.specs import in_language

LANGUAGE = "en"
TEMPLATES = Path(__file__).parent / "templates"


def write(data: Path, live: str) -> None:
    """Write what leads to the sites; `live` is the server's address."""
    folder, home = data / "site", f"{live}/site"
    there = {slug: one for slug, one in organisations(data).items() if (folder / slug).is_dir()}
    sites = [
        {
            "slug": slug,
            "name": in_language(about["name"], LANGUAGE),
            "short": about["short"],
            "archives": [(tag, f"{home}/{slug}/{tag}/") for tag in _languages(folder / slug)],
        }
        for slug, about in there.items()
    ]
    template = _environment().get_template("home.html.j2")
    html = template.render(
        language=LANGUAGE,
        direction=direction(LANGUAGE),
        say=partial(words.say, LANGUAGE),
        own_name=words.own_name,
        home=f"{home}/",
        organisations=sites,
    )
    files.write_if_changed(folder / "index.html", html)
    files.write_if_changed(folder / "front.css", (TEMPLATES / "front.css").read_bytes())
    maps = sitemap.index(f"{home}/{slug}/sitemap.xml" for slug in there)
    files.write_if_changed(folder / "sitemap.xml", maps)
    files.write_if_changed(folder / "robots.txt", sitemap.robots(home))


def _languages(site: Path) -> list[str]:
    return sorted(path.parent.name for path in site.glob("*/feed.atom"))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
