"""What python-pptx has no method for, written as DrawingML (ECMA-376 part 1, §19 to §21)."""

from __future__ import annotations

import copy
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from publisher.render.documents.charts import Chart

if TYPE_CHECKING:
    from pptx.chart.chart import Chart as Drawn
    from pptx.presentation import Presentation
    from pptx.shapes.graphfrm import GraphicFrame
    from pptx.slide import Slide, SlideLayout

Element = Any  #: lxml's, which has no types
Area = tuple[int, int, int, int]  #: left, top, width, height, in EMU

_INDENT = 285_750  #: EMU, as in PowerPoint's own look


def without_slides(shown: Presentation) -> None:
    """Take a master's own slides away; their layouts stay."""
    listed = shown.slides._sldIdLst
    for one in list(listed):
        shown.part.drop_rel(one.rId)
        listed.remove(one)


def takes_words(shape: Any) -> bool:  # noqa: ANN401  # python-pptx's shapes
    """Say whether a placeholder is for words or things, not for a date, a number or a footer."""
    from pptx.enum.shapes import PP_PLACEHOLDER as KIND

    kinds = (KIND.OBJECT, KIND.BODY, KIND.SUBTITLE, KIND.VERTICAL_BODY, KIND.VERTICAL_OBJECT)
    return shape.placeholder_format.type in kinds


def exchanged(one: Any, other: Any) -> None:  # noqa: ANN401  # likewise
    """Let two shapes change places, where reading begins at the right."""
    first = (one.left, one.top, one.width, one.height)
    second = (other.left, other.top, other.width, other.height)
    one.left, one.top, one.width, one.height = second
    other.left, other.top, other.width, other.height = first


def below_the_title(shown: Presentation, made: Slide) -> Area:
    """Give the room between a slide's title and its foot."""
    title = made.shapes.title
    assert title is not None
    left, width = title.left, title.width
    top = title.top + title.height + 150_000
    height = int((shown.slide_height or 0) * 0.9) - top
    return left, top, width, height


def page_number(made: Slide, layout: SlideLayout, language: str) -> None:
    """Take over the slide's number from its layout, which python-pptx leaves behind."""
    from pptx.enum.shapes import PP_PLACEHOLDER
    from pptx.oxml.ns import qn

    for shape in layout.placeholders:
        if shape.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
            number = copy.deepcopy(shape.element)
            for run in number.iter(qn("a:rPr")):
                run.set("lang", language)
            made.shapes._spTree.append(number)


def right_to_left(paragraph: Element) -> None:
    """Begin a paragraph's lines at the right."""
    properties = paragraph.get_or_add_pPr()
    properties.set("rtl", "1")
    properties.set("algn", "r")


def at_the_end(paragraph: Element, *, right_to_left: bool) -> None:
    """Put a paragraph at the end of the line, where numbers stand."""
    paragraph.get_or_add_pPr().set("algn", "l" if right_to_left else "r")


def in_language(run: Element, language: str) -> None:
    """Say which language a run's words are in, for readers' aids and spelling."""
    run.get_or_add_rPr().set("lang", language)


def bulleted(paragraph: Element, bullet: str, level: int, *, right_to_left: bool) -> None:
    """Give a paragraph a bullet, a number, or neither, whatever its master says."""
    from pptx.oxml.ns import qn

    properties = paragraph.get_or_add_pPr()
    side = "marR" if right_to_left else "marL"
    if not bullet:
        properties.set(side, str(_INDENT * level))
        properties.set("indent", "0")
        properties.append(properties.makeelement(qn("a:buNone"), {}))
        return
    properties.set(side, str(_INDENT * (level + 1)))
    properties.set("indent", str(-_INDENT))
    if bullet == "-":
        properties.append(properties.makeelement(qn("a:buFont"), {"typeface": "Arial"}))
        properties.append(properties.makeelement(qn("a:buChar"), {"char": "•"}))
    else:
        said = {"type": "arabicPeriod", **({"startAt": bullet} if bullet != "1" else {})}
        properties.append(properties.makeelement(qn("a:buFont"), {"typeface": "+mj-lt"}))
        properties.append(properties.makeelement(qn("a:buAutoNum"), said))


def picture(made: Slide, content: bytes, area: Area, alt: str) -> None:
    """Show a picture as large as its area lets it be, in its own shape."""
    left, top, width, height = area
    shown = made.shapes.add_picture(io.BytesIO(content), left, top)
    share = min(width / shown.width, height / shown.height)
    shown.width, shown.height = int(shown.width * share), int(shown.height * share)
    shown.left = left + (width - shown.width) // 2
    shown.top = top + (height - shown.height) // 2
    _described(shown, alt)


def _described(shape: Any, alt: str) -> None:  # noqa: ANN401  # python-pptx's shapes
    shape._element.xpath(".//p:cNvPr")[0].set("descr", alt)


def table(made: Slide, rows: int, columns: int, area: Area, brand: Mapping[str, str]) -> Any:  # noqa: ANN401  # python-pptx's table
    """Add a table whose head is in the organisation's colour."""
    from pptx.dml.color import RGBColor

    left, top, width, height = area
    most = rows * 420_000
    frame = made.shapes.add_table(rows, columns, left, top, width, min(height, most))
    for column in range(columns):
        cell = frame.table.cell(0, column)
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(_hex(brand["main"]))
    for row in range(1, rows):
        for column in range(columns):
            cell = frame.table.cell(row, column)
            cell.fill.solid()
            colour = "FFFFFF" if row % 2 else _hex(brand["tint"])
            cell.fill.fore_color.rgb = RGBColor.from_string(colour)
    return frame.table


def right_to_left_table(made: Any) -> None:  # noqa: ANN401  # likewise
    """Begin a table's rows at the right."""
    made._tbl.tblPr.set("rtl", "1")


def table_words(paragraph: Any, colour: str) -> None:  # noqa: ANN401  # python-pptx's paragraph
    """Say how words in a table look."""
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    paragraph.font.size = Pt(16)
    paragraph.font.color.rgb = RGBColor.from_string(_hex(colour))


def chart(
    made: Slide,
    said: Chart,
    area: Area,
    brand: Mapping[str, str],
    language: str,
    *,
    rtl: bool,
) -> None:
    """Draw a chart of PowerPoint's own, which can be edited, with its numbers and its title."""
    from pptx.util import Pt

    frame = _plotted(made, said, area)
    _described(frame, _told(said))
    drawn = frame.chart
    drawn.font.size = Pt(14)
    _titled(drawn, said.title, language, rtl=rtl)
    if rtl and said.kind != "pie":
        drawn.category_axis.reverse_order = said.kind != "bar"
    _with_legend(drawn, said)
    plot = drawn.plots[0]
    plot.has_data_labels = True
    plot.data_labels.show_value = True
    plot.data_labels.font.size = Pt(14)
    _coloured(plot, said, brand)


def _plotted(made: Slide, said: Chart, area: Area) -> GraphicFrame:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    kinds = {
        "bar": XL_CHART_TYPE.BAR_CLUSTERED,
        "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
        "line": XL_CHART_TYPE.LINE_MARKERS,
        "pie": XL_CHART_TYPE.PIE,
    }
    data = CategoryChartData()
    data.categories = [name for name, _ in said.rows]
    for at, series in enumerate(said.series):
        data.add_series(series, [numbers[at] for _, numbers in said.rows])
    return made.shapes.add_chart(kinds[said.kind], *area, data)


def _titled(drawn: Drawn, title: str, language: str, *, rtl: bool) -> None:
    from pptx.util import Pt

    drawn.has_title = True
    frame = drawn.chart_title.text_frame
    frame.text = title
    line = frame.paragraphs[0]
    line.runs[0].font.size = Pt(16)
    in_language(line.runs[0]._r, language)
    if rtl:
        line._p.get_or_add_pPr().set("rtl", "1")


def _with_legend(drawn: Drawn, said: Chart) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION

    drawn.has_legend = len(said.series) > 1 or said.kind == "pie"
    if drawn.has_legend and drawn.legend is not None:
        drawn.legend.position = XL_LEGEND_POSITION.BOTTOM
        drawn.legend.include_in_layout = False


#: beside the organisation's own: told apart by who sees no red or no green, Okabe and Ito 2008
_COLOURS = ("E69F00", "56B4E9", "009E73", "CC79A7", "999999")


def _coloured(plot: Any, said: Chart, brand: Mapping[str, str]) -> None:  # noqa: ANN401  # python-pptx's plots
    from pptx.dml.color import RGBColor

    colours = (_hex(brand["main"]), *_COLOURS)
    if said.kind == "pie":
        points = plot.series[0].points
        for at in range(len(said.rows)):
            fill = points[at].format.fill
            fill.solid()
            fill.fore_color.rgb = RGBColor.from_string(colours[at % len(colours)])
        return
    for series, colour in zip(plot.series, colours, strict=False):
        if said.kind == "line":
            series.format.line.color.rgb = RGBColor.from_string(colour)
            series.smooth = False
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = RGBColor.from_string(colour)


def _told(said: Chart) -> str:
    """Tell a chart in words: its title and each number."""
    head, *rows = said.cells
    lines = [
        f"{row[0]}: "
        + ", ".join(f"{name} {one}" for name, one in zip(head[1:], row[1:], strict=True))
        for row in rows
    ]
    return f"{said.title}. " + "; ".join(lines)


def _hex(colour: str) -> str:
    bare = colour.removeprefix("#")
    return (bare if len(bare) == 6 else "".join(letter * 2 for letter in bare)).upper()
