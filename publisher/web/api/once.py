"""A write with an `Idempotency-Key` is done once, however often it is sent.

As https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ has it. What was
refused changed nothing, so of that nothing is kept: mended, it may be sent with the same key.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from publisher.flows.kept_answers import Answer, begin, finish, kept, let_go
from publisher.kit import clock
from publisher.web.api.problems import Denied
from publisher.web.desk.door import person

HEADER = "Idempotency-Key"
SHAPE = r'^"?[!#-~]{1,255}"?$'
_KEPT = ("Content-Type", "ETag", "Location", "Link")  #: headers that belong to the answer


def once(request: HttpRequest, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Do it, unless it was done: then give the answer that was given.

    Raises:
        Denied: the key stands for another request, or for one that is not answered yet.
    """
    key = request.headers.get(HEADER)
    token = person(request).acts_through
    if key is None or token is None:
        return run()
    if not re.fullmatch(SHAPE, key):
        raise Denied("unreadable", f"{HEADER} is 1 to 255 visible ASCII characters.")
    begun = begin(token, key, _told(request), now=clock.now())
    if begun.was == "other":
        raise Denied("other-request")
    if begun.was == "under way":
        raise Denied("under-way")
    if begun.was == "done":
        return _again(kept(begun.row))
    try:
        answer = run()
    except BaseException:
        let_go(begun.row)
        raise
    if answer.status_code < 300:
        finish(begun.row, _answer(answer))
    else:
        let_go(begun.row)
    return answer


def _told(request: HttpRequest) -> str:
    """Give what tells this request from others: what is done, to what, with what, seen how."""
    seen = [request.headers.get(name, "") for name in ("If-Match", "If-None-Match")]
    return "\n".join([str(request.method), request.get_full_path(), *seen, _sent(request)])


def _sent(request: HttpRequest) -> str:
    """Give the hash of a body; of a form with files, of what it holds: its boundary is chance."""
    said = hashlib.sha256()
    if request.content_type != "multipart/form-data":
        said.update(request.body)
        return said.hexdigest()
    for name, values in sorted(request.POST.lists()):
        said.update(f"{name}={values}\n".encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            said.update(f"{name}={file.name}\n".encode())
            for piece in file.chunks():
                said.update(piece)
            file.seek(0)
    return said.hexdigest()


def _answer(answer: HttpResponse) -> Answer:
    headers = {name: answer[name] for name in _KEPT if name in answer}
    return Answer(status=answer.status_code, headers=headers, body=answer.content.decode())


def _again(said: Answer) -> HttpResponse:
    answer = HttpResponse(said.body, status=said.status, headers=dict(said.headers))
    answer["Idempotent-Replayed"] = "true"
    return answer
