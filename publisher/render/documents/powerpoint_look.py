"""Our own look of a presentation: wide slides, in the organisation's colours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from publisher.render.documents.setting import Setting

if TYPE_CHECKING:
    from pptx.presentation import Presentation

FACE = "Arial"
WIDTH, HEIGHT = 12_192_000, 6_858_000  #: EMU: 33.87 cm by 19.05 cm, 16 : 9
_EDGE = 700_000
#: where things stand on each layout, by the layout's place in python-pptx's own file and the
#: placeholder's number: left, top, width, height
_FULL = WIDTH - 2 * _EDGE
_HALF = (_FULL - 400_000) // 2
_HEAD = (_EDGE, 400_000, _FULL, 1_000_000)
_TOP, _TALL = 1_600_000, 4_500_000
_PLACES = {
    (0, 0): (_EDGE, 1_700_000, _FULL, 1_700_000),
    (0, 1): (_EDGE, 3_600_000, _FULL, 1_600_000),
    (1, 0): _HEAD,
    (1, 1): (_EDGE, _TOP, _FULL, _TALL),
    (3, 0): _HEAD,
    (3, 1): (_EDGE, _TOP, _HALF, _TALL),
    (3, 2): (_EDGE + _HALF + 400_000, _TOP, _HALF, _TALL),
    (5, 0): _HEAD,
}
_KEPT = (0, 1, 3, 5)  #: the layouts that slides ask for
_NUMBER = (WIDTH - _EDGE - 1_500_000, 6_330_000, 1_500_000, 330_000)


def fresh(said: Setting) -> Presentation:
    """Give a presentation without slides."""
    import pptx

    shown = pptx.Presentation()
    shown.slide_width, shown.slide_height = WIDTH, HEIGHT
    _themed(shown, said)
    master = shown.slide_master
    _placed(master.placeholders[0], _HEAD)
    _placed(master.placeholders[1], (_EDGE, _TOP, _FULL, _TALL))
    _lettered(master, said)
    layouts = list(shown.slide_layouts)
    for at, layout in enumerate(layouts):
        if at not in _KEPT:
            shown.slide_layouts.remove(layout)
            continue
        for shape in list(layout.placeholders):
            number = shape.placeholder_format.idx
            if (at, number) in _PLACES:
                _placed(shape, _PLACES[at, number])
                _plain(shape)
                if (at, number) == (0, 0):
                    _large(shape)
            elif number == 12:  # the slide's number
                _placed(shape, _NUMBER)
            else:
                shape.element.getparent().remove(shape.element)
    _bar(shown, said)
    return shown


def _placed(shape: Any, place: tuple[int, int, int, int]) -> None:  # noqa: ANN401  # python-pptx's shapes
    shape.left, shape.top, shape.width, shape.height = place


def _plain(shape: Any) -> None:  # noqa: ANN401  # likewise
    """Take away what a layout says of its letters against its master: size, place, shrinking."""
    from pptx.oxml.ns import qn

    body = shape.text_frame._txBody
    for old in body.findall(qn("a:lstStyle")):
        for inner in list(old):
            inner.attrib.pop("algn", None)
            for run in inner.findall(qn("a:defRPr")):
                run.attrib.pop("sz", None)
                for fill in list(run):
                    run.remove(fill)


def _large(shape: Any) -> None:  # noqa: ANN401  # likewise
    """Write the presentation's own title larger than a slide's."""
    from pptx.oxml.ns import qn

    listed = shape.text_frame._txBody.find(qn("a:lstStyle"))
    for old in list(listed):
        listed.remove(old)
    level = listed.makeelement(qn("a:lvl1pPr"), {})
    level.append(level.makeelement(qn("a:defRPr"), {"sz": "4000"}))
    listed.append(level)


def _lettered(master: Any, said: Setting) -> None:  # noqa: ANN401  # likewise
    """Set the letters of titles and words, and let none of them shrink."""
    from pptx.oxml.ns import qn

    styles = master.element.find(qn("p:txStyles"))
    title = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    run = title.find(qn("a:defRPr"))
    run.set("sz", "3000")
    run.set("b", "1")
    _inked(run, said.brand["link"])
    for level, size in enumerate((2000, 1800, 1600, 1600, 1600), 1):
        for one in styles.find(qn("p:bodyStyle")).findall(qn(f"a:lvl{level}pPr")):
            one.find(qn("a:defRPr")).set("sz", str(size))
    for body in master.element.iter(qn("a:bodyPr")):
        for fit in body.findall(qn("a:normAutofit")):
            body.remove(fit)


def _inked(run: Any, colour: str) -> None:  # noqa: ANN401  # lxml
    from pptx.oxml.ns import qn

    for old in run.findall(qn("a:solidFill")):
        run.remove(old)
    fill = run.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": colour.removeprefix("#").upper()}))
    run.insert(0, fill)


def _themed(shown: Presentation, said: Setting) -> None:
    """Put the organisation's colours and our letters into the theme."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    part = shown.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    source = part.blob.decode()
    main = said.brand["main"].removeprefix("#").upper()
    source = re.sub(
        r"<a:accent1>.*?</a:accent1>",
        f'<a:accent1><a:srgbClr val="{main}"/></a:accent1>',
        source,
        flags=re.DOTALL,
    )
    source = re.sub(r'<a:latin typeface="[^"]*"', f'<a:latin typeface="{FACE}"', source)
    part._blob = source.encode()


def _bar(shown: Presentation, said: Setting) -> None:
    """Draw a bar in the organisation's colour at the foot; it says nothing, so it is decoration."""
    from pptx.dml.color import RGBColor
    from pptx.enum.shapes import MSO_SHAPE

    tree = shown.slide_master.shapes
    shape = _rectangle(tree, MSO_SHAPE.RECTANGLE)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(said.brand["main"].removeprefix("#").upper())
    shape.line.fill.background()


def _rectangle(tree: Any, kind: Any) -> Any:  # noqa: ANN401  # python-pptx's shapes
    from pptx.shapes.autoshape import Shape
    from pptx.util import Emu

    element = tree._spTree.add_autoshape(
        99, "Foot", kind_name(kind), Emu(0), Emu(6_740_000), Emu(WIDTH), Emu(HEIGHT - 6_740_000)
    )
    return Shape(element, tree)


def kind_name(kind: Any) -> str:  # noqa: ANN401  # python-pptx's enumeration
    """Give the name that DrawingML has for a shape."""
    from pptx.shapes.autoshape import AutoShapeType

    return str(AutoShapeType(kind).prst)
