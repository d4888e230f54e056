"""Take the pictures of docs/desk.md: `script/screenshots [FOLDER [NAME…]]`.

An operator signs in by a link, as the first person of an installation does, and walks the desk.
Each picture is reduced to a palette, so that all of them together stay small.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

HERE = Path(__file__).parent
OFFICER = "officer@example.org"
PASSWORD = "a calm and handsome desk"  # noqa: S105  # of a demonstration on loopback
COLOURS = 96
TALLEST = 1500  #: pixels; what a picture shows of a long screen
START_SECONDS = 60
#: a machine's own folders are nobody's business: they are called something else in a picture
CALL = """([folder, called]) => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode())
    texts.currentNode.data = texts.currentNode.data.replaceAll(folder, called);
}"""


#: a picture is taller than any window: what waits to be seen, or holds on to its edge, would not
#: be where it is
WHOLE = """() => {
  for (const frame of document.querySelectorAll("iframe[loading]")) frame.loading = "eager";
  for (const bar of document.querySelectorAll(".save-bar")) bar.style.position = "static";
}"""


@dataclass(frozen=True)
class Shot:
    """One picture: which screen, and how it is looked at."""

    name: str
    path: str
    dark: bool = False
    language: str = "en"
    width: int = 1280
    press: str = ""  #: the text of a link that is followed first
    printed: bool = False

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.png"


SHOTS = [
    Shot("today", "/desk/"),
    Shot("today-dark", "/desk/", dark=True),
    Shot("today-arabic", "/desk/", language="ar"),
    Shot("today-narrow", "/desk/", width=320),
    Shot("calendar", "/desk/calendar/"),
    Shot("calendar-dark", "/desk/calendar/", dark=True),
    Shot("calendar-arabic", "/desk/calendar/", language="ar"),
    Shot("calendar-list", "/desk/calendar/?view=list"),
    Shot("calendar-narrow", "/desk/calendar/", width=320),
    Shot("calendar-printed", "/desk/calendar/", printed=True),
    Shot("calendar-new", "/desk/calendar/new/"),
    Shot("calendar-move", "/desk/calendar/?view=list", press="td a.move"),
    Shot("calendar-feeds", "/desk/calendar/feeds/"),
    Shot("matrix", "/desk/matrix/"),
    Shot("matrix-dark", "/desk/matrix/", dark=True),
    Shot("matrix-arabic", "/desk/matrix/", language="ar"),
    Shot("matrix-printed", "/desk/matrix/", printed=True),
    Shot("matrix-square", "/desk/matrix/", press="main td a"),
    Shot("menu", "/desk/menu/"),
    Shot("menu-dark", "/desk/menu/", dark=True),
    Shot("outlet", "/desk/menu/outlets/iso-newsletter/"),
    Shot("entries", "/desk/entries/"),
    Shot("entry", "/desk/entry/before-you-propose/"),
    Shot("entry-dark", "/desk/entry/before-you-propose/", dark=True),
    Shot("entry-arabic", "/desk/entry/before-you-propose/", language="ar"),
    Shot("entry-narrow", "/desk/entry/before-you-propose/", width=320),
    Shot("entry-versions", "/desk/entry/before-you-propose/versions/"),
    Shot("approvals", "/desk/approvals/"),
    Shot("approval", "/desk/approvals/", press="main th a"),
    Shot("approval-arabic", "/desk/approvals/", press="main th a", language="ar", dark=True),
    Shot("going-out", "/desk/going-out/"),
    Shot("going-out-dark", "/desk/going-out/", dark=True),
    Shot("deliveries", "/desk/deliveries/"),
    Shot("delivery", "/desk/deliveries/?state=accepted", press="main th a"),
    Shot("proposals", "/desk/proposals/"),
    Shot("proposal", "/desk/proposals/", press="main th a"),
    Shot("proposal-arabic", "/desk/proposals/", press="main th a", language="ar", dark=True),
    Shot("intake", "/desk/intake/"),
    Shot("readers", "/desk/readers/"),
    Shot("reader", "/desk/readers/", press="main th a"),
    Shot("segments", "/desk/readers/segments/"),
    Shot("readers-files", "/desk/readers/files/"),
    Shot("plan", "/desk/plan/"),
    Shot("people", "/desk/people/"),
    Shot("trail", "/desk/trail/"),
    Shot("account", "/desk/account/"),
    Shot("sign-in", "/desk/sign-in/"),
    Shot("front", "/"),
    Shot("front-dark-arabic", "/", dark=True, language="ar"),
    Shot("subscribe", "/subscribe/"),
    Shot("archive", "/archive/"),
    Shot("events", "/events/"),
    Shot("mailbox", "/capture/mail/"),
]  # fmt: skip


class NothingThere(Exception):
    """The list whose first line is to be shown is empty."""


def main(folder: Path, names: list[str]) -> None:
    """Take all pictures, or those that are named."""
    folder.mkdir(parents=True, exist_ok=True)
    with _pages() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        kept = _sign_in(browser, url)
        for shot in SHOTS:
            if names and shot.name not in names:
                continue
            try:
                _keep(folder / shot.file, _taken(browser, url, kept, shot))
            except NothingThere:
                sys.stdout.write(f"{shot.name}: there is none, so its picture stays as it was\n")
        browser.close()


@contextlib.contextmanager
def _pages() -> Iterator[str]:
    """Serve the pages beside a clock and a worker, as `publisher run` does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    os.environ |= {"PUBLISHER_LISTEN": listen, "PUBLISHER_SITE_URL": f"http://{listen}"}
    server = subprocess.Popen([sys.executable, "-m", "publisher", "run"], stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://{listen}/")
        yield f"http://{listen}"
    finally:
        server.terminate()
        server.wait()


def _wait(url: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(urllib.error.URLError):
            urllib.request.urlopen(url).close()  # noqa: S310  # ours, on loopback
            return
        time.sleep(0.2)
    raise SystemExit("The pages did not start.")


def _publisher(*words: str) -> dict[str, str] | None:
    done = subprocess.run(
        [sys.executable, "-m", "publisher", *words, "--json"], capture_output=True, check=False
    )
    return json.loads(done.stdout) if done.returncode == 0 else None


def _sign_in(browser: Browser, url: str) -> str:
    """Come as an operator, by an invitation or a link; give the cookie's value."""
    page = browser.new_context(base_url=url, locale="en").new_page()
    invited = _publisher("people", "operator", OFFICER)
    told = invited or _publisher("people", "link", OFFICER)
    if told is None:
        raise SystemExit("Nobody can be signed in; see: publisher people list")
    page.goto(told["link"])
    if invited:
        page.locator("[name=full_name]").fill("Ana Diallo")
        page.locator("[name=password1]").fill(PASSWORD)
        page.locator("[name=password2]").fill(PASSWORD)
    page.locator("main button").first.click()
    expect(page.locator("nav.side")).to_be_visible()
    return next(one["value"] for one in page.context.cookies() if one["name"] == "sessionid")


def _taken(browser: Browser, url: str, session: str, shot: Shot) -> bytes:
    context = browser.new_context(
        base_url=url,
        color_scheme="dark" if shot.dark else "light",
        locale=shot.language,
        viewport={"width": shot.width, "height": 800},
    )
    if shot.name != "sign-in":
        context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    try:
        return _picture(context, shot)
    finally:
        context.close()


def _picture(context: BrowserContext, shot: Shot) -> bytes:
    page = context.new_page()
    page.goto(f"{shot.path}{'&' if '?' in shot.path else '?'}lang={shot.language}")
    if shot.press:
        if not page.locator(shot.press).count():
            raise NothingThere
        page.locator(shot.press).first.click()
        page.goto(f"{page.url}{'&' if '?' in page.url else '?'}lang={shot.language}")
    page.evaluate(WHOLE)
    _scroll(page)
    page.wait_for_load_state("load")
    for frame in page.frames[1:]:  # the page itself may hold a stream open
        frame.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    for name, called in (("PUBLISHER_PLAN", "reference-plan"), ("PUBLISHER_DATA", "var")):
        page.evaluate(CALL, [os.environ[name], called])
    if shot.printed:
        page.emulate_media(media="print")
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    if page.frames[1:]:  # a frame is drawn only within the window
        page.set_viewport_size({"width": shot.width, "height": height})
    page.wait_for_timeout(300)  # frames and pictures that come late
    _say(page, shot)
    return page.screenshot(
        full_page=True, clip={"x": 0, "y": 0, "width": shot.width, "height": height}
    )


def _scroll(page: Page) -> None:
    """Bring in what is fetched only when it is seen."""
    for _ in range(4):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(60)
    page.evaluate("window.scrollTo(0, 0)")


def _say(page: Page, shot: Shot) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth") > shot.width
    sys.stdout.write(f"{shot.name}: {page.title()}{' (wider than the window)' if wide else ''}\n")


def _keep(file: Path, png: bytes) -> None:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    small = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(file, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else HERE / "desk", sys.argv[2:])
