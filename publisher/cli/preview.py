"""`publisher preview`: what will go out, word for word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from publisher.cli.screen import AsJson, columns, err, show, stop
from publisher.flows.preview import Count, Preview, preview, previewed_files
from publisher.kit import clock
from publisher.kit.files import plain_name, write

#: parts that are shown by opening them, not by reading their source
_SOURCES = {"html": "HTML", "document": "Typst"}

#: parts that say something to programs alone
_INNER = ("set", "master")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("preview")(command)


def command(
    entry: Annotated[str, typer.Argument(help="The entry's short name.")],
    *,
    audience: Annotated[str, typer.Option(help="Only to this audience.")] = "",
    outlet: Annotated[str, typer.Option(help="Only through this outlet.")] = "",
    language: Annotated[str, typer.Option(help="Only in this language.")] = "",
    html: Annotated[
        Path | None, typer.Option(help="Write the HTML of the one that is left to this file.")
    ] = None,
    files: Annotated[
        Path | None,
        typer.Option(help="Write its files, such as PDF and Word, into this folder."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show exactly what will go out; narrowed to one, every part of it."""
    found = preview(entry, audience=audience, outlet=outlet, language=language, now=clock.now())
    if html is not None:
        _write(found, html)
    if files is not None:
        _write_files(found, files)
    whole = len({each.content.sha256 for each in found if each.content}) == 1
    drawn = _whole(next(each for each in found if each.content)) if whole else _table(found)
    show([_json(each) for each in found], drawn, as_json=as_json)


def _write(found: Sequence[Preview], path: Path) -> None:
    sources = {each.parts["html"] for each in found if "html" in each.parts}
    if len(sources) != 1:
        sentence = "narrow it to one with --audience, --outlet and --language, then use --html"
        raise stop(f"{len(sources)} different HTML parts fit; {sentence}.")
    path.write_text(sources.pop(), encoding="utf-8")
    err.print(f"wrote {path}")


def _write_files(found: Sequence[Preview], folder: Path) -> None:
    """Write each cell's files into a folder of its own, named after its outlet and audience."""
    for each in found:
        place = _place(each)
        inner = folder / f"{place['outlet']}-{place['audience']}-{place['language']}"
        for file in previewed_files(each):
            write(inner / plain_name(file.filename), file.content)
            err.print(f"wrote {inner / file.filename}", soft_wrap=True)


def _json(each: Preview) -> dict[str, Any]:
    return {
        **_place(each),
        "available": each.available,
        "sha256": each.content.sha256 if each.content else None,
        "parts": each.parts,
        "counts": {name: vars(count) for name, count in each.counts.items()},
        "pictures": [vars(picture) for picture in each.content.pictures] if each.content else [],
        "problems": [str(problem) for problem in each.problems],
    }


def _place(each: Preview) -> dict[str, str]:
    cell = each.cell
    return {
        "entry": cell.entry.slug,
        "audience": cell.audience.slug,
        "organisation": cell.organisation.slug,
        "outlet": cell.outlet.slug,
        "channel": cell.channel.slug,
        "form": cell.form,
        "language": cell.language,
    }


def _table(found: Sequence[Preview]) -> RenderableType:
    table = columns("audience", "outlet", "", "form", "length")
    table.add_column("says", no_wrap=True, overflow="ellipsis")
    for each in found:
        place = _place(each)
        problem = each.problems[0].sentence if each.problems else ""
        table.add_row(
            place["audience"],
            place["outlet"],
            place["language"],
            place["form"],
            _length(each),
            Text(problem, style="red") if problem else Text(_says(each)),
        )
    hint = Text("Narrow it with --audience, --outlet and --language to see the words.", style="dim")
    return Group(table, hint)


def _says(each: Preview) -> str:
    if not each.available:
        return "its form is not there yet"
    told = each.parts.get("subject") or each.parts.get("title") or each.parts.get("1", "")
    return told.partition("\n")[0]


def _length(each: Preview) -> str:
    if each.counts:
        return " + ".join(_count(count) for count in each.counts.values())
    return f"{len(each.parts['html'].encode()):,} B" if "html" in each.parts else ""


def _count(count: Count) -> str:
    return f"{count.counted}/{count.max}"


def _whole(each: Preview) -> RenderableType:
    place = _place(each)
    title = f"{place['entry']} → {place['outlet']} ({place['language']})"
    shown: list[RenderableType] = [Text(title, style="bold")]
    for name, part in each.parts.items():
        if name in _SOURCES:
            size = f"{len(part.encode()):,} bytes of {_SOURCES[name]}; --html FILE writes it"
            shown.append(Text(f"{name}: {size}", style="dim"))
        elif part and name not in _INNER:
            count = each.counts.get(name)
            subtitle = f"{_count(count)} {count.unit} on {count.network}" if count else None
            shown.append(
                Panel(Text(part.rstrip()), title=name, subtitle=subtitle, title_align="left")
            )
    pictures = each.content.pictures if each.content else ()
    shown += [Text(f"picture {one.filename}: {one.alt}", style="dim") for one in pictures]
    shown += [Text(str(problem), style="red") for problem in each.problems]
    return Group(*shown)
