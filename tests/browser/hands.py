"""What a person at a browser has: a mouse, or the keyboard alone; and eyes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

#: where the keyboard stands: at what is looked for, and whether one sees and can see it
STANDS = """wanted => {
  const here = document.activeElement;
  const style = getComputedStyle(here), box = here.getBoundingClientRect();
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {
    there: here === wanted,
    nowhere: here === document.body,
    skips: Boolean(wanted.closest("main") && document.querySelector(".skip")),
    // Within a frame, a date or a time, it is a part that has the ring.
    seen: here.matches("body, main, iframe, [type^=date], [type=time]") || (ringed && inView),
    what: here.outerHTML.slice(0, 160),
  };
}"""
#: what is said on a page and is neither somebody's words nor marked as another language's
SAID = """() => {
  const others = "script, style, bdi, code, textarea, [dir=auto], [dir=ltr], [lang]:not(html)";
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const said = [document.title];
  while (walk.nextNode()) {
    const around = walk.currentNode.parentElement;
    if (!around.closest(others)) said.push(walk.currentNode.data.trim());
  }
  for (const one of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]"))
    if (!one.closest("code, [lang]:not(html)"))
      for (const name of ["aria-label", "placeholder", "title", "alt"])
        said.push(one.getAttribute(name) || "");
  return said.filter((text) => text);
}"""


class Hands(Protocol):
    """Does what a person does to one page."""

    page: Page

    def press(self, what: Locator) -> None:
        """Follow a link or press a button."""

    def tick(self, what: Locator) -> None:
        """Tick a box, or choose one of several."""

    def write(self, what: Locator, text: str) -> None:
        """Write into a field, over what stands there."""

    def pick(self, what: Locator, value: str) -> None:
        """Choose one line of a list."""

    def put_day(self, what: Locator, day: date) -> None:
        """Fill in a day."""


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, what: Locator) -> None:
        what.click()

    def tick(self, what: Locator) -> None:
        what.check()

    def write(self, what: Locator, text: str) -> None:
        what.fill(text)

    def pick(self, what: Locator, value: str) -> None:
        what.select_option(value)

    def put_day(self, what: Locator, day: date) -> None:
        what.fill(day.isoformat())


class Keyboard:
    """Has no mouse: goes from one thing to the next, and must see where it is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._keys = page.keyboard

    def press(self, what: Locator) -> None:
        self._reach(what)
        self._keys.press("Enter")

    def tick(self, what: Locator) -> None:
        self._reach(what)
        if not what.is_checked():
            self._keys.press("Space")
        expect(what).to_be_checked()

    def write(self, what: Locator, text: str) -> None:
        self._reach(what)
        self._keys.press("Control+a")
        self._keys.insert_text(text)

    def pick(self, what: Locator, value: str) -> None:
        self._reach(what)
        for key in ("Home", *["ArrowDown"] * what.locator("option").count()):
            if what.input_value() == value:
                break
            self._keys.press(key)
        expect(what).to_have_value(value)
        expect(what).to_be_focused()

    def put_day(self, what: Locator, day: date) -> None:
        self._reach(what)
        self._keys.type(f"{day:%m%d%Y}")  # in the browser's own order of a date's parts
        expect(what).to_have_value(day.isoformat())

    def _reach(self, what: Locator) -> None:
        """Go on until there, past the menu by the link that is there for it; round at most once."""
        expect(what).to_be_visible()
        aim, rounds = what.element_handle(), 0
        for _ in range(300):
            stands = aim.evaluate(STANDS)
            assert stands["seen"], f"nobody sees where the keyboard is: {stands['what']}"
            if stands["there"]:
                return
            rounds += stands["nowhere"]
            assert rounds < 3, f"the keyboard does not reach {what}"
            if stands["nowhere"] and stands["skips"]:
                self._skip()
            self._keys.press("Tab")

    def _skip(self) -> None:
        self._keys.press("Tab")
        expect(self.page.locator(".skip")).to_be_focused()
        expect(self.page.locator(".skip")).to_be_in_viewport()
        self._keys.press("Enter")


def untranslated(page: Page, names: Collection[str]) -> list[str]:
    """Give what a page in a language without Latin letters says in some; `names` may be so."""
    found = []
    for text in page.evaluate(SAID):
        left = text
        for name in names:
            left = left.replace(name, "")
        if any("a" <= letter.lower() <= "z" for letter in left):
            found.append(text)
    return found
