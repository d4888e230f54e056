"""Small stand-ins for the networks' own servers, as far as one account sees them."""

from __future__ import annotations

import html
from typing import Any

from tests.adapters.lexicons import Lexicons
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


class Bluesky:
    """An account's repository, as its server keeps it; a key is taken once.

    Args:
        lexicons: what each call is held against; None: nothing.
    """

    def __init__(self, lexicons: Lexicons | None = None) -> None:
        self.records: dict[str, dict[str, Any]] = {}
        self.complaints: list[str] = []
        self.signed_in = 0
        self._lexicons = lexicons

    def routes(self) -> dict[str, Any]:
        """Give what it answers to what."""
        session = {"did": "did:plc:iso", "handle": "iso.test", "accessJwt": "a", "refreshJwt": "r"}
        return {
            "POST /xrpc/com.atproto.server.createSession": lambda _: self._session(session),
            "POST /xrpc/com.atproto.server.refreshSession": lambda _: Answer(body=session),
            "POST /xrpc/com.atproto.repo.createRecord": self.create,
            "POST /xrpc/com.atproto.repo.deleteRecord": self._delete,
            "POST /xrpc/com.atproto.repo.uploadBlob": self._upload,
            "GET /xrpc/com.atproto.repo.getRecord": self._get,
            "GET /xrpc/com.atproto.identity.resolveHandle": self._resolve,
            "GET /xrpc/app.bsky.feed.getPosts": self._shown,
        }

    def create(self, request: Request) -> Answer:
        """Take a record."""
        said = request.json
        if self._lexicons is not None:
            self.complaints += self._lexicons.complaints("com.atproto.repo.createRecord", said)
            self.complaints += self._lexicons.complaints(said["collection"], said["record"])
        if said["rkey"] in self.records:  # as the reference server answers it
            return Answer(status=500, body={"error": "InternalServerError"})
        self.records[said["rkey"]] = said["record"]
        return Answer(body=_named(said["rkey"]))

    def _session(self, session: dict[str, str]) -> Answer:
        self.signed_in += 1
        return Answer(body=session)

    def _delete(self, request: Request) -> Answer:
        del self.records[request.json["rkey"]]
        return Answer(body={})

    def _upload(self, request: Request) -> Answer:
        blob = {"$type": "blob", "ref": {"$link": "bafkrei"}, "size": len(request.body)}
        return Answer(body={"blob": blob | {"mimeType": request.content_type}})

    def _get(self, request: Request) -> Answer:
        rkey = request.query["rkey"]
        if rkey not in self.records:
            return Answer(status=400, body={"error": "RecordNotFound", "message": "No"})
        return Answer(body={**_named(rkey), "value": self.records[rkey]})

    def _resolve(self, request: Request) -> Answer:
        if request.query["handle"] == "iec.test":
            return Answer(body={"did": "did:plc:iec"})
        return Answer(status=400, body={"error": "InvalidRequest", "message": "Unable to resolve"})

    def _shown(self, request: Request) -> Answer:
        counts = {"likeCount": 4, "repostCount": 3, "replyCount": 2, "quoteCount": 1}
        there = request.query["uris"].rpartition("/")[2] in self.records
        return Answer(body={"posts": [counts] if there else []})


def _named(rkey: str) -> dict[str, str]:
    return {"uri": f"at://did:plc:iso/app.bsky.feed.post/{rkey}", "cid": f"cid-{rkey}"}


class LinkedIn:
    """A page as LinkedIn keeps it."""

    PAGE = "urn:li:organization:2414183"

    def __init__(self) -> None:
        self.posts: dict[str, dict[str, Any]] = {}
        self.comments: list[dict[str, Any]] = []
        self.uploaded: list[bytes] = []

    def routes(self) -> dict[str, Any]:
        """Give what it answers to what."""
        return {
            "POST /rest/images": self._place,
            "PUT /upload": self._upload,
            "POST /rest/posts": self.post,
            "GET /rest/posts": lambda _: Answer(body={"elements": [*self.posts.values()][::-1]}),
            "DELETE /rest/posts/.*": self._delete,
            "POST /rest/socialActions/.*/comments": self.comment,
            "GET /rest/socialActions/.*/comments": lambda _: Answer(
                body={"elements": self.comments}
            ),
            "GET /rest/organizationalEntityShareStatistics": self._statistics,
        }

    def post(self, request: Request) -> Answer:
        """Take a post."""
        urn = f"urn:li:share:{7000 + len(self.posts)}"
        self.posts[urn] = {"id": urn, "createdAt": NOON_MILLISECONDS, **request.json}
        return Answer(status=201, headers={"x-restli-id": urn})

    def comment(self, request: Request) -> Answer:
        """Take a comment."""
        self.comments.append({"commentUrn": f"urn:li:comment:{len(self.comments)}", **request.json})
        return Answer(status=201, headers={"x-restli-id": self.comments[-1]["commentUrn"]})

    def _place(self, request: Request) -> Answer:
        url = f"http://{request.headers['Host']}/upload"
        return Answer(body={"value": {"uploadUrl": url, "image": "urn:li:image:C4D"}})

    def _upload(self, request: Request) -> Answer:
        self.uploaded.append(request.body)
        return Answer(status=201)

    def _delete(self, _request: Request) -> Answer:
        self.posts.clear()
        return Answer(status=204)

    def _statistics(self, _request: Request) -> Answer:
        counts = {"impressionCount": 90, "clickCount": 5, "likeCount": 4, "commentCount": 2}
        return Answer(body={"elements": [{"totalShareStatistics": counts | {"shareCount": 3}}]})


#: 2027-03-12T12:00:05Z
NOON_MILLISECONDS = 1_804_852_805_000


class Facebook:
    """A page as Facebook keeps it."""

    PAGE = "1021"

    def __init__(self) -> None:
        self.posts: dict[str, dict[str, str]] = {}
        self.comments: list[dict[str, Any]] = []
        self.forms: dict[str, set[str]] = {"feed": set(), "photos": set(), "comments": set()}
        self.photos: list[bytes] = []

    def routes(self) -> dict[str, Any]:
        """Give what it answers to what."""
        return {
            "POST /v25.0/1021/photos": self._photo,
            "POST /v25.0/1021/feed": self.post,
            "GET /v25.0/1021/published_posts": lambda _: Answer(body={"data": self._shown()}),
            "POST /v25.0/1021_.*/comments": self.comment,
            "GET /v25.0/1021_.*/comments": lambda _: Answer(body={"data": self.comments}),
            "DELETE /v25.0/1021_.*": self._delete,
            "GET /v25.0/1021_.*": self._counts,
            "GET /v25.0/1021": lambda _: Answer(body={"id": "1021", "name": "ISO"}),
        }

    def post(self, request: Request) -> Answer:
        """Take a post."""
        self.forms["feed"] |= request.form.keys()
        number = f"1021_{500 + len(self.posts)}"
        self.posts[number] = request.form
        return Answer(body={"id": number})

    def comment(self, request: Request) -> Answer:
        """Take a comment."""
        self.forms["comments"] |= request.form.keys()
        made = {"id": f"500_{len(self.comments)}", "from": {"id": self.PAGE}, **request.form}
        self.comments.append(made)
        return Answer(body={"id": made["id"]})

    def _photo(self, request: Request) -> Answer:
        self.photos.append(request.body)
        return Answer(body={"id": "77"})

    def _shown(self) -> list[dict[str, str]]:
        at = "2027-03-12T12:00:05+0000"
        return [
            {"id": number, "message": form["message"], "created_time": at}
            for number, form in reversed(self.posts.items())
        ]

    def _delete(self, _request: Request) -> Answer:
        self.posts.clear()
        return Answer(body={"success": True})

    def _counts(self, _request: Request) -> Answer:
        counted = {"summary": {"total_count": 4}}
        return Answer(body={"reactions": counted, "comments": counted, "shares": {"count": 3}})
