"""Markdown's tree as Typst: every word stands in a string, so none is read as Typst."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from publisher.kit.typst import literal, quoted
from publisher.render.documents.charts import Chart, chart, is_chart, shown


def typst(read: Sequence[Token]) -> str:
    """Write Typst markup; the document's own headings start at level 2 below its title."""
    return _inside(SyntaxTreeNode(read)).strip()


def blocks(nodes: Sequence[SyntaxTreeNode]) -> str:
    """Write some of a tree's blocks."""
    return "".join(map(_one, nodes)).strip()


def _inside(node: SyntaxTreeNode) -> str:
    return "".join(_one(child) for child in node.children)


def _one(node: SyntaxTreeNode) -> str:
    write = _WRITERS.get(node.type)
    if write is not None:
        return write(node)
    return _inside(node) if node.children else quoted(node.content)


def _called(function: str) -> Callable[[SyntaxTreeNode], str]:
    return lambda node: f"#{function}[{_inside(node)}];"


def _block(function: str) -> Callable[[SyntaxTreeNode], str]:
    return lambda node: f"\n#{function}[{_inside(node)}]\n"


def _paragraph(node: SyntaxTreeNode) -> str:
    return _inside(node) if node.hidden else f"\n{_inside(node)}\n"


def _heading(node: SyntaxTreeNode) -> str:
    level = max(1, int(node.tag[1]) - 1)
    return f"\n#heading(level: {level})[{_inside(node)}]\n"


def _list(node: SyntaxTreeNode) -> str:
    items = ", ".join(f"[{_inside(item)}]" for item in node.children)
    tight = "true" if _tight(node) else "false"
    if node.type == "bullet_list":
        return f"\n#list(tight: {tight}, {items})\n"
    start = int(node.attrs.get("start", 1))
    return f"\n#enum(tight: {tight}, start: {start}, {items})\n"


def _tight(node: SyntaxTreeNode) -> bool:
    return all(
        child.hidden
        for item in node.children
        for child in item.children
        if child.type == "paragraph"
    )


def _link(node: SyntaxTreeNode) -> str:
    address = str(node.attrs.get("href", ""))
    return f"#link({literal(address)})[{_inside(node)}];" if address else _inside(node)


def _image(node: SyntaxTreeNode) -> str:
    file, alt = str(node.attrs.get("src", "")), str(node.attrs.get("alt", ""))
    return f"#image({literal(file)}, alt: {literal(alt)}, width: 100%, fit: {literal('contain')});"


def _chart(made: Chart) -> str:
    """Write a chart as a table with a bar beside each number; the bars say nothing more."""
    most = max((abs(one) for _, numbers in made.rows for one in numbers), default=0) or 1
    head = ", ".join(f"[{quoted(cell)}]" for cell in made.cells[0])
    rows = ", ".join(
        f"[{quoted(name)}], " + ", ".join(_bar(one, abs(one) / most) for one in numbers)
        for name, numbers in made.rows
    )
    columns = f"(auto, {'1fr, ' * len(made.series)})"
    return (
        f"\n#block(breakable: false)[#strong[{quoted(made.title)}]\n"
        f"#table(columns: {columns}, table.header({head}), {rows})]\n"
    )


def _bar(number: float, share: float) -> str:
    bar = f"#box(width: {share * 70:.1f}%, height: 0.7em, fill: main)"
    return f"[{bar} {quoted(shown(number))}]"


def _code(node: SyntaxTreeNode) -> str:
    if node.type == "fence" and is_chart(node.info):
        try:
            return _chart(chart(node.info, node.content))
        except ValueError:
            return ""  # the form's check names it
    block = "false" if node.type == "code_inline" else "true"
    end = ";" if block == "false" else "\n"
    return f"#raw({literal(node.content.rstrip())}, block: {block}){end}"


def _table(node: SyntaxTreeNode) -> str:
    rows = [row for part in node.children for row in part.children]
    columns = len(rows[0].children)
    head = ", ".join(f"[{_inside(cell)}]" for cell in rows[0].children)
    cells = ", ".join(f"[{_inside(cell)}]" for row in rows[1:] for cell in row.children)
    sides = ", ".join(_side(cell) for cell in rows[0].children)
    return f"\n#table(columns: {columns}, align: ({sides},), table.header({head}), {cells})\n"


def _side(cell: SyntaxTreeNode) -> str:
    """Say on which side a column stands: `---:` puts numbers at the line's end."""
    style = str(cell.attrs.get("style", ""))
    return {"text-align:right": "end", "text-align:center": "center"}.get(style, "start")


def _definitions(node: SyntaxTreeNode) -> str:
    items, term = [], ""
    for child in node.children:
        if child.type == "dt":
            term = _inside(child)
        else:
            items.append(f"terms.item([{term}], [{_inside(child)}])")
            term = ""
    return f"\n#terms({', '.join(items)})\n"


_WRITERS: dict[str, Callable[[SyntaxTreeNode], str]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bullet_list": _list,
    "ordered_list": _list,
    "blockquote": _block("quote(block: true)"),
    "fence": _code,
    "code_block": _code,
    "code_inline": _code,
    "table": _table,
    "dl": _definitions,
    "strong": _called("strong"),
    "em": _called("emph"),
    "s": _called("strike"),
    "image": _image,
    "link": _link,
    "softbreak": lambda _: " ",
    "hardbreak": lambda _: "#linebreak();",
    "hr": lambda _: "\n#line(length: 30%, stroke: 0.5pt)\n",
}
