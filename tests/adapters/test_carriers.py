"""Sites that are carried: by SFTP, to a bucket, into a Git repository."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from publisher.adapters.carriers import git
from publisher.adapters.carriers.changes import changes, read
from publisher.adapters.webpage.tree import Record
from publisher.models.adapter import Verdict
from publisher.models.errors import NeedsConnecting, TryLater
from tests.adapters import targets
from tests.adapters.consignments import consignment, hand_over, parcels
from tests.adapters.targets import ADDRESS, Target

every = pytest.mark.parametrize("name", targets.TARGETS)


@pytest.fixture
def target(name: str, tmp_path: Path) -> Iterator[Target]:
    with targets.TARGETS[name](tmp_path / "there") as made:
        yield made


@pytest.fixture
def publish(target: Target, tmp_path: Path) -> Callable[..., str]:
    """Publish a page on the outlet that is carried there; give its address."""

    def published(**changes: object) -> str:
        more = {name: changes.pop(name) for name in ("credential", "settings") if name in changes}
        said = target.outlet(**more)
        made = consignment("page", tmp_path / "data", **said, **changes)
        (outcome,) = hand_over(made, parcels(made))
        assert outcome.verdict is Verdict.ACCEPTED, outcome.answer
        return outcome.url

    return published


def there(target: Target) -> dict[str, bytes]:
    """Give the files at the target, less the record."""
    if target.adapter == "site-git":
        return _cloned(target.credential["repository"])
    files = [path for path in target.folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(target.folder).as_posix(): path.read_bytes()
        for path in files
        if path.name != "publisher-site.json"
    }


def made(tmp_path: Path) -> dict[str, bytes]:
    """Give the files of the site as it was made here."""
    site = (tmp_path / "data/carried/iso-page/site").resolve()
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file()
    }


@every
def test_what_is_there_is_what_was_made(target, publish, tmp_path):
    """Every file, under the address at which it is read; a second page comes beside the first."""
    url = publish()
    second = publish(entry="second")

    assert (url, second) == (f"{ADDRESS}/en/one-plan/", f"{ADDRESS}/en/second/")
    assert there(target) == made(tmp_path)
    assert f'href="{url}"'.encode() in there(target)["en/one-plan/index.html"]


@every
def test_a_repeat_carries_nothing(target, publish):
    """After a crash the same is handed over again; nobody sees a change."""
    publish()
    before, carried = there(target), list(target.puts)

    publish()

    assert (there(target), target.puts) == (before, carried)
    if target.adapter == "site-git":
        assert _log(target) == ["Publish one-plan (en)"]


@pytest.mark.parametrize("name", ["site-sftp", "site-s3"])
def test_only_what_changed_is_carried_and_what_leads_to_it_comes_last(target, publish):
    """Nobody follows a link to what is not there yet, and old pages are left alone."""
    publish()
    target.puts.clear()

    publish(entry="second")

    assert "en/one-plan/index.html" not in target.puts
    order = [
        target.puts.index(path)
        for path in ("cards/en/second.png", "en/second/index.html", "en/index.html")
    ]
    assert order == sorted(order)
    assert target.puts[-1] == "publisher-site.json"


@pytest.mark.parametrize("name", ["site-sftp", "site-s3"])
def test_what_somebody_broke_there_is_mended_and_what_is_gone_is_taken_away(target, publish):
    """The record says what is there; without it, all is carried again."""
    publish()
    record = target.folder / "publisher-site.json"
    said = json.loads(record.read_text())
    said["files"] |= {"old.html": "0" * 64, "../../outside": "0" * 64}
    record.write_text(json.dumps(said))
    (target.folder / "old.html").write_text("old")
    outside = target.folder.parent.parent / "outside"
    outside.write_text("somebody's")

    publish()

    assert not (target.folder / "old.html").exists()
    assert outside.read_text() == "somebody's"
    record.write_text("{broken")
    (target.folder / "en/one-plan/index.html").unlink()
    publish()
    assert (target.folder / "en/one-plan/index.html").is_file()


@pytest.mark.parametrize("name", ["site-sftp"])
def test_a_machine_with_another_key_gets_nothing(target, publish):
    """Its key is pinned: nobody who takes its place sees the site, or our key."""
    other = targets.key("ours").export_public_key().decode()

    with pytest.raises(NeedsConnecting, match="does not let us in"):
        publish(credential={**target.credential, "host_key": other})
    assert target.puts == []


@pytest.mark.parametrize("name", ["site-s3"])
def test_a_wrong_key_is_a_matter_for_a_person(target, publish):
    """The bucket checks the signature."""
    with pytest.raises(NeedsConnecting, match="does not let us in"):
        publish(credential={**target.credential, "secret_key": "another"})


@every
def test_a_private_address_must_be_meant(target, publish):
    """Only who keeps the credential can send a site into the house's own network."""
    credential = {name: said for name, said in target.credential.items() if name != "private"}
    if target.adapter == "site-s3":
        credential["endpoint"] = "https://127.0.0.1:9"

    with pytest.raises(NeedsConnecting):
        publish(credential=credential)


@pytest.mark.parametrize("name", ["site-sftp", "site-s3"])
def test_a_target_that_is_away_is_waited_for(target, publish):
    """Nothing is lost: the site was made, and is carried when it is back."""
    away = {"site-sftp": {}, "site-s3": {"endpoint": "http://127.0.0.1:9"}}[target.adapter]
    settings = {"address": ADDRESS, **target.settings}
    settings |= {"port": 9} if target.adapter == "site-sftp" else {}

    with pytest.raises(TryLater):
        publish(credential={**target.credential, **away}, settings=settings)
    publish()


@pytest.mark.parametrize("name", ["site-git"])
def test_a_site_in_a_folder_leaves_the_rest_of_the_repository_alone(target, publish, tmp_path):
    """Somebody else's files, and commits made meanwhile, stay."""
    work, repository = tmp_path / "work", target.credential["repository"]
    _git("clone", "-q", repository, str(work))
    (work / "README").write_text("Ours.")
    _git("add", "README", at=work)
    _git("commit", "-q", "-m", "Begin", at=work)
    _git("push", "-q", "origin", "HEAD:main", at=work)

    publish(settings={"address": ADDRESS, "branch": "main", "folder": "docs"})

    files = there(target)
    assert files["README"] == b"Ours."
    assert {path: content for path, content in files.items() if path != "README"} == {
        f"docs/{path}": content for path, content in made(tmp_path).items()
    }
    assert _log(target) == ["Publish one-plan (en)", "Begin"]


@pytest.mark.parametrize("name", ["site-git"])
@pytest.mark.parametrize(
    "repository",
    [
        "ext::sh -c touch% /tmp/x",
        "--upload-pack=x",
        "http://example.org/x",
        "ssh://-oX@y/z",
        "/tmp",
    ],
)
def test_a_repository_is_an_address_and_nothing_else(target, publish, repository):
    """Git would run a program for some of these."""
    with pytest.raises(NeedsConnecting, match="is not https"):
        publish(credential={"repository": repository})


def test_a_page_is_carried_before_what_lists_it():
    """Files, then pages, then what leads to them."""
    paths = ["en/index.html", "en/a/index.html", "cards/en/a.png", "sitemap.xml"]
    record = Record(files=dict.fromkeys(paths, "1"))

    found = changes(record, {"en/b/index.html": "1"})

    assert found.stages == [
        ["cards/en/a.png"],
        ["en/a/index.html"],
        ["en/index.html", "sitemap.xml"],
    ]
    assert found.gone == ["en/b/index.html"]


@pytest.mark.parametrize(
    "said", [b"", b"[]", b"{}", b"\xff", b'{"version": 9, "files": {"a": "1"}}']
)
def test_a_record_that_cannot_be_read_is_no_record(said):
    """Then everything is carried again."""
    assert read(said) == {}


def test_an_outlet_must_say_where_its_site_is_read(tmp_path):
    """Its links, feeds and site map name that address."""
    from publisher.adapters import registry

    outlet = consignment("page", tmp_path, adapter="site-sftp", account="target").outlet

    (said,) = registry.adapter("site-sftp").check(outlet, None)

    assert "address: https://" in said
    right = replace_settings(outlet, {"address": ADDRESS})
    assert registry.adapter("site-sftp").check(right, None) == []


def replace_settings(outlet, settings):
    return outlet.model_copy(update={"settings": settings})


def _cloned(repository: str) -> dict[str, bytes]:
    listed = _git("ls-tree", "-r", "-z", "--name-only", "main", at=_bare(repository))
    return {path: _git("show", f"main:{path}", at=_bare(repository)) for path in _names(listed)}


def _names(listed: bytes) -> list[str]:
    return [name.decode() for name in listed.split(b"\x00") if name]


def _bare(repository: str) -> Path:
    return Path(repository.removeprefix("file://"))


def _log(target: Target) -> list[str]:
    said = _git("log", "--format=%s", "main", at=_bare(target.credential["repository"]))
    return said.decode().splitlines()


def _git(*words: str, at: Path | None = None) -> bytes:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    return subprocess.run(["git", *who, *words], cwd=at, check=True, capture_output=True).stdout


@pytest.mark.parametrize("number", ["192.0.2.7", "2001:db8::7"])
def test_git_goes_to_the_number_that_was_looked_at(number, tmp_path):
    """A name that moves inside after the look leads nowhere."""
    pinned = git.pin("git.example.org", 443, number)
    known = git.environment({"repository": "https://git.example.org/site"}, tmp_path, pinned)

    options = {known[f"GIT_CONFIG_KEY_{n}"]: known[f"GIT_CONFIG_VALUE_{n}"] for n in range(5)}
    assert options["http.curloptResolve"].replace("[", "").replace("]", "") == (
        f"git.example.org:443:{number}"
    )
