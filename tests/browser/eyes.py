"""Looking at a page as axe-core does, and a rule or two of our own: in one go, as each costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
#: WCAG 2.2 at its levels A and AA, as axe-core names the rules
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERYTHING = {"type": "tag", "values": WCAG}
ALL_RULES: Mapping[str, Any] | None = None  #: best practice, too
#: the rules whose findings may be others in another theme, direction or width; what the rest look
#: at (names, roles, languages, tables) is the same document in each
OF_LOOKS = {
    "type": "rule",
    "values": ["color-contrast", "target-size", "scrollable-region-focusable"],
}
_LOOK = """async ({runOnly, serious}) => {
  // Only what is wrong is wanted; what stands in a frame is somebody's mail.
  const options = {resultTypes: ["violations"], preload: false, iframes: false};
  if (runOnly) options.runOnly = runOnly;
  const {violations} = await axe.run(document, options);
  const said = violations
    .filter((one) => !serious || ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes[0].html}`);
  if (document.documentElement.scrollWidth > innerWidth) said.push("wider than the window");
  return said;
}"""
#: all that the page fetched but for frames, whose document is somebody's mail or page
_BYTES = """() => [
  ...performance.getEntriesByType("navigation"),
  ...performance.getEntriesByType("resource").filter((one) => one.initiatorType !== "iframe"),
].reduce((sum, one) => sum + one.decodedBodySize, 0)"""
_TURN = """text => {
  const other = new DOMParser().parseFromString(text, "text/html");
  for (const name of ["lang", "dir"])
    document.documentElement.setAttribute(name, other.documentElement.getAttribute(name));
  document.body.replaceWith(document.adoptNode(other.body));
  scrollTo(0, 0);
}"""


def look(page: Page, only: Mapping[str, Any] | None, *, serious: bool = False) -> Iterator[str]:
    """Give what is wrong with a page, by some of axe-core's rules, and whether it is too wide.

    Args:
        page: where to look.
        only: the rules that count.
        serious: leave out what axe-core calls moderate or minor.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    yield from page.evaluate(_LOOK, {"runOnly": only, "serious": serious})


def fetched(page: Page) -> int:
    """Give the bytes of a page and all that it fetched, as they are when unpacked."""
    return int(page.evaluate(_BYTES))


def turn(page: Page, address: str) -> None:
    """Put the words of another address into the page: the same screen in another language.

    A page that is opened anew costs three times as much.
    """
    page.evaluate(_TURN, page.request.get(address).text())
