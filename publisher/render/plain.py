"""Markdown's tree as plain text: for mails, in lines of at most 76 columns, and for posts.

76 columns leave room for the quoting of replies; RFC 5322 §2.1.1 asks for at most 78.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from publisher.kit.text import one_line, width, wrapped

COLUMNS = 76
LONGEST_OPENING = 200  #: letters; what mail programs and feed readers show beside a title


def text(read: Sequence[Token]) -> str:
    """Write headings underlined, lists, quotes and tables in lines; links after their words."""
    return _blocks(SyntaxTreeNode(read).children, COLUMNS)


def opening(read: Sequence[Token]) -> str:
    """Give the first paragraph on one line, its end left out where it is long."""
    for node in SyntaxTreeNode(read).walk():
        if node.type == "paragraph":
            return _beginning(one_line(_inline(node, link=lambda words, _: words)))
    return ""


def _beginning(text: str) -> str:
    if len(text) <= LONGEST_OPENING:
        return text
    return text[: text.rindex(" ", 0, LONGEST_OPENING)] + " …" if " " in text else text


def social(read: Sequence[Token]) -> str:
    """Write paragraphs as they were typed, line ends kept, with links as addresses."""
    blocks = [_social(node) for node in SyntaxTreeNode(read).children]
    return "\n\n".join(block for block in blocks if block)


def _blocks(nodes: Sequence[SyntaxTreeNode], columns: int, *, tight: bool = False) -> str:
    written = [block for node in nodes if (block := _block(node, columns))]
    return ("\n" if tight else "\n\n").join(written)


def _block(node: SyntaxTreeNode, columns: int) -> str:
    write = _BLOCKS.get(node.type)
    if write is not None:
        return write(node, columns)
    return _blocks(node.children, columns) if node.children else node.content.strip()


def _paragraph(node: SyntaxTreeNode, columns: int) -> str:
    lines = _inline(node).split("\v")
    return "\n".join(wrapped(line, columns) for line in lines)


def _heading(node: SyntaxTreeNode, columns: int) -> str:
    words = wrapped(_inline(node).replace("\v", " "), columns)
    longest = max(map(width, words.split("\n")))
    return f"{words}\n{('=' if node.tag in ('h1', 'h2') else '-') * longest}"


def _list(node: SyntaxTreeNode, columns: int) -> str:
    start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    items = [
        _item(item, columns, f"{start + at}. " if start is not None else "- ")
        for at, item in enumerate(node.children)
    ]
    return ("\n" if all(map(_tight, node.children)) else "\n\n").join(items)


def _item(node: SyntaxTreeNode, columns: int, mark: str) -> str:
    return _hung(_blocks(node.children, columns - len(mark), tight=_tight(node)), mark)


def _tight(item: SyntaxTreeNode) -> bool:
    return all(child.hidden for child in item.children if child.type == "paragraph")


def _hung(block: str, mark: str, rest: str | None = None) -> str:
    after = " " * len(mark) if rest is None else rest
    first, *others = block.split("\n")
    return "\n".join([mark + first, *((after + line).rstrip() for line in others)])


def _quote(node: SyntaxTreeNode, columns: int) -> str:
    return _hung(_blocks(node.children, columns - 2), "> ", "> ")


def _code(node: SyntaxTreeNode, columns: int) -> str:
    del columns
    return _hung(node.content.rstrip("\n"), "    ", "    ")


def _rule(node: SyntaxTreeNode, columns: int) -> str:
    del node
    return "-" * min(columns, 40)


def _table(node: SyntaxTreeNode, columns: int) -> str:
    rows = [
        [_inline(cell).replace("\v", " ") for cell in row.children]
        for part in node.children
        for row in part.children
    ]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + 3 * len(widths) > columns:
        return _tall_table(rows, columns)
    lines = [" | ".join(_padded(cell, room) for cell, room in zip(row, widths, strict=True))
             for row in rows]  # fmt: skip
    ruled = "-+-".join("-" * room for room in widths)
    return "\n".join(line.rstrip() for line in [lines[0], ruled, *lines[1:]])


def _padded(cell: str, room: int) -> str:
    return cell + " " * (room - width(cell))


def _tall_table(rows: Sequence[Sequence[str]], columns: int) -> str:
    """Write each row as a block of “heading: cell” lines, for tables wider than a line."""
    heads, *others = rows
    blocks = [
        "\n".join(
            wrapped(f"{head}: {cell}" if head else cell, columns, rest="  ")
            for head, cell in zip(heads, row, strict=True)
            if cell
        )
        for row in others
    ]
    return "\n\n".join(blocks)


def _definition(node: SyntaxTreeNode, columns: int) -> str:
    return _hung(_blocks(node.children, columns - 4), "    ", "    ")


_BLOCKS: dict[str, Callable[[SyntaxTreeNode, int], str]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bullet_list": _list,
    "ordered_list": _list,
    "blockquote": _quote,
    "fence": _code,
    "code_block": _code,
    "hr": _rule,
    "table": _table,
    "dt": _paragraph,
    "dd": _definition,
}


def _with_address(words: str, address: str) -> str:
    bare = address.removeprefix("mailto:")
    return words if words in (address, bare) else f"{words} ({bare})" if words else bare


def _inline(
    node: SyntaxTreeNode, *, link: Callable[[str, str], str] = _with_address, end: str = " "
) -> str:
    return "".join(_piece(child, link, end) for child in _leaves(node))


def _leaves(node: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    for child in node.children:
        if child.type == "inline":
            yield from child.children
        else:
            yield child


def _piece(node: SyntaxTreeNode, link: Callable[[str, str], str], end: str) -> str:
    if node.type == "softbreak":
        return end
    if node.type == "hardbreak":
        return "\v" if end == " " else end
    if node.type == "image":
        return f"[{node.content}]" if node.content and end == " " else ""
    inner = "".join(_piece(child, link, end) for child in node.children)
    if node.type == "link":
        return link(inner, str(node.attrs.get("href", "")))
    return inner or ("" if node.children else node.content)


def _social(node: SyntaxTreeNode) -> str:
    if node.type in ("paragraph", "heading"):
        return _inline(node, end="\n").strip()
    if node.type in ("bullet_list", "ordered_list"):
        start = int(node.attrs.get("start", 1))
        return "\n".join(
            f"{'•' if node.type == 'bullet_list' else f'{start + at}.'} {_social(item)}"
            for at, item in enumerate(node.children)
        )
    inner = "\n\n".join(filter(None, (_social(child) for child in node.children)))
    return inner or (node.content.strip() if not node.children else "")
