"""Small stand-ins for the networks' own servers, as far as one account sees them."""

from __future__ import annotations

import html
from typing import Any

from tests.adapters.service import Answer, Request


class X:
    """An account as X keeps it."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []

    def routes(self) -> dict[str, Any]:
        """Give what it answers to what."""
        return {
            "POST /2/tweets": self.post,
            "DELETE /2/tweets/.*": self._delete,
            "POST /2/media/upload": lambda _: Answer(body={"data": {"id": "710511363345354753"}}),
            "POST /2/media/metadata": lambda _: Answer(body={"data": {"id": "1"}}),
            "GET /2/users/me": lambda _: Answer(
                body={"data": {"id": "2244994945", "name": "ISO", "username": "iso"}}
            ),
            "GET /2/users/2244994945/tweets": self._newest,
        }

    def post(self, request: Request) -> Answer:
        """Take a post."""
        made = {"id": str(1000 + len(self.posts)), **request.json}
        self.posts.append(made)
        return Answer(status=201, body={"data": {"id": made["id"], "text": made["text"]}})

    def _delete(self, request: Request) -> Answer:
        self.posts = [one for one in self.posts if one["id"] != request.path.rsplit("/")[-1]]
        return Answer(body={"data": {"deleted": True}})

    def _newest(self, _request: Request) -> Answer:
        shown = [_as_x_shows(one) for one in reversed(self.posts)]
        body = {"data": shown} if shown else {}
        return Answer(body=body | {"meta": {"result_count": len(shown)}})


def _as_x_shows(post: dict[str, Any]) -> dict[str, Any]:
    """X escapes text, shortens links and puts one of its own behind a picture."""
    link = "https://www.example.org/plan"
    text = post["text"].replace("&", "&amp;").replace(link, "https://t.co/abc")
    urls = [{"url": "https://t.co/abc", "expanded_url": link}]
    if "media" in post:
        text += " https://t.co/pic"
        urls.append({"url": "https://t.co/pic", "expanded_url": "x.com/p", "media_key": "3_1"})
    return {"id": post["id"], "text": text, "entities": {"urls": urls}}


class Mastodon:
    """An account as its server keeps it, idempotency keys included."""

    def __init__(self) -> None:
        self.statuses: dict[str, dict[str, Any]] = {}
        self.remembers_keys = True
        self.configuration: dict[str, Any] = {"statuses": {"max_characters": 500}}

    def routes(self) -> dict[str, Any]:
        """Give what it answers to what."""
        me = {"id": "14715", "username": "iso", "acct": "iso", "url": "https://m.example/@iso"}
        return {
            "POST /api/v1/statuses": self.post,
            "DELETE /api/v1/statuses/.*": self._delete,
            "POST /api/v2/media": lambda _: Answer(body={"id": "22345792", "type": "image"}),
            "GET /api/v2/instance": lambda _: Answer(body={"configuration": self.configuration}),
            "GET /api/v1/accounts/verify_credentials": lambda _: Answer(body=me),
            "GET /api/v1/accounts/14715/statuses": lambda _: Answer(
                body=list(reversed(self.statuses.values()))
            ),
        }

    def post(self, request: Request) -> Answer:
        """Take a post."""
        key = request.headers["Idempotency-Key"]
        if not self.remembers_keys:
            key += str(len(self.statuses))
        number = str(100 + len(self.statuses))
        self.statuses.setdefault(key, _status(number, request.form))
        return Answer(body=self.statuses[key])

    def _delete(self, request: Request) -> Answer:
        number = request.path.rsplit("/")[-1]
        self.statuses = {k: v for k, v in self.statuses.items() if v["id"] != number}
        return Answer(body={})


def _status(number: str, form: dict[str, str]) -> dict[str, Any]:
    link = "https://www.example.org/plan"
    shown = (
        '<a href="https://www.example.org/plan"><span class="invisible">https://www.</span>'
        '<span class="">example.org/plan</span></a>'
    )
    content = html.escape(form["status"]).replace(link, shown).replace("\n\n", "</p><p>")
    return {
        "id": number,
        "url": f"https://m.example/@iso/{number}",
        "content": f"<p>{content}</p>",
        "created_at": "2027-03-12T12:00:05.000Z",
        "asked": form,
    }
