"""A site carried into a Git repository, one commit a publication, by the program `git`."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from publisher.adapters.carriers.carried import Carried
from publisher.adapters.carriers.reach import allows_private, reached
from publisher.adapters.webpage.tree import Record, Trees
from publisher.models.adapter import Capabilities, Consignment
from publisher.models.errors import NeedsConnecting, TryLater, WillNeverWork

SECONDS = 120  #: for one call of git
_HTTPS = re.compile(r"https://([^/@:?#\s]+)(?::(\d+))?/\S+\Z")
_SSH = re.compile(r"ssh://[A-Za-z0-9][A-Za-z0-9._-]*@([A-Za-z0-9][A-Za-z0-9.-]*)(?::(\d+))?/\S+\Z")
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}\Z")
#: what git says when it is not let in
_SHUT = re.compile(r"authentication|permission|could not read|access denied|host key|403|401", re.I)


class SiteByGit(Carried):
    """A site on a branch; a publication is there whole, or not at all."""

    name: ClassVar[str] = "site-git"
    capabilities: ClassVar[Capabilities] = Capabilities(
        forms=frozenset({"page"}),
        addressed_to="endpoint",
        window=1,
        credential_fields=("repository",),
        settings=("address", "branch", "folder"),
        pictures=True,
        site=True,
    )

    async def carry(self, consignment: Consignment, trees: Trees, record: Record) -> None:
        """See `Carried.carry`."""
        del record  # Git itself knows what changed
        settings, credential = consignment.outlet.settings, consignment.credential
        branch, folder = str(settings.get("branch", "main")), str(settings.get("folder", ""))
        if not _BRANCH.match(branch) or ".." in branch + folder or folder.startswith(("/", "-")):
            raise WillNeverWork("the settings “branch” or “folder” are not such a name")
        pinned = await _checked(credential)
        with tempfile.TemporaryDirectory(prefix="publisher-git-") as secret:
            known = environment(credential, Path(secret), pinned)
            git = _Git(trees.link.parent / "repository.git", trees.link.resolve(), known)
            await _bring(git, credential["repository"], branch, folder, consignment)


class _Git:
    """A bare repository of ours, and the tree whose files it takes."""

    def __init__(self, repository: Path, tree: Path, known: Mapping[str, str]) -> None:
        self.repository = repository
        self._tree = tree
        self._known = known

    async def do(self, *words: str, **more: str) -> str:
        """Call git, and give what it says.

        Raises:
            NeedsConnecting: the other side does not let us in.
            TryLater: anything else went wrong.
        """
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": "/nonexistent",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_DIR": str(self.repository),
            "GIT_WORK_TREE": str(self._tree),
            "LC_ALL": "C",
            **self._known,
            **more,
        }
        try:
            ran = await asyncio.create_subprocess_exec(
                "git",
                *words,
                cwd=self._tree,
                env={name: value for name, value in environment.items() if value},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
        except FileNotFoundError as error:
            raise NeedsConnecting("the program git is not installed on this machine") from error
        try:
            said, wrong = await asyncio.wait_for(ran.communicate(), SECONDS)
        except TimeoutError as error:
            ran.kill()
            raise TryLater("git did not end in time") from error
        if ran.returncode:
            shut = _SHUT.search(wrong.decode(errors="replace"))
            kind = NeedsConnecting if shut else TryLater
            raise kind(f"git {words[0]} did not work" + (": not let in" if shut else ""))
        return said.decode().strip()


async def _bring(
    git: _Git, repository: str, branch: str, folder: str, consignment: Consignment
) -> None:
    """Put the tree on the tip of the branch, as one commit, unless it is there."""
    if not (git.repository / "HEAD").is_file():
        git.repository.mkdir(parents=True, exist_ok=True)
        await git.do("init", "--quiet", "--bare", GIT_WORK_TREE="")
    tip = await _tip(git, repository, branch)
    made = await _tree(git, tip, folder)
    if tip and made == await git.do("rev-parse", f"{tip}^{{tree}}"):
        return
    when = f"{int(consignment.published_at.timestamp())} +0000"
    sender = consignment.sender
    who = {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", sender.name), ("EMAIL", sender.address), ("DATE", when))
    }
    parents = ("-p", tip) if tip else ()
    said = f"Publish {consignment.entry} ({consignment.content.language})"
    commit = await git.do("commit-tree", made, *parents, "-m", said, **who)
    await git.do("push", "--quiet", "--", repository, f"{commit}:refs/heads/{branch}")


async def _tip(git: _Git, repository: str, branch: str) -> str:
    """Give the branch's newest commit, fetched; empty if there is no such branch."""
    there = await git.do("ls-remote", "--heads", "--", repository, f"refs/heads/{branch}")
    if not there:
        return ""
    await git.do("fetch", "--quiet", "--depth=1", "--", repository, f"refs/heads/{branch}")
    return await git.do("rev-parse", "FETCH_HEAD")


async def _tree(git: _Git, tip: str, folder: str) -> str:
    """Give the tree to commit: the site, or all that was there with the site in its folder."""
    await git.do("add", "--all", "--force", ".")
    site = await git.do("write-tree")
    if not folder:
        return site
    beside = {"GIT_INDEX_FILE": str(git.repository / "beside")}
    await git.do("read-tree", *((tip,) if tip else ("--empty",)), **beside)
    await git.do(
        "rm", "-r", "--quiet", "--cached", "--ignore-unmatch", "--", f":(top){folder}", **beside
    )
    await git.do("read-tree", f"--prefix={folder.rstrip('/')}/", site, **beside)
    return await git.do("write-tree", **beside)


async def _checked(credential: Mapping[str, str]) -> str:
    """Look at where the repository is; give `host:port:number` for curl, empty for a folder.

    Raises:
        NeedsConnecting: it is no address for this, or lacks the key that pins the machine.
    """
    address = credential["repository"]
    if allows_private(credential) and address.startswith("file:///"):
        return ""
    found = _HTTPS.match(address) or _SSH.match(address)
    if found is None:
        raise NeedsConnecting(
            "the account's repository is not https://host/path or ssh://user@host/path"
        )
    if address.startswith("ssh:") and not credential.get("host_key"):
        raise NeedsConnecting("the account lacks host_key, the key of the repository's machine")
    port = int(found[2] or (22 if address.startswith("ssh:") else 443))
    return pin(found[1], port, await reached(found[1], port, credential))


def pin(host: str, port: int, number: str) -> str:
    """Write what number a name has as curl's option CURLOPT_RESOLVE does."""
    return f"{host}:{port}:[{number}]" if ":" in number else f"{host}:{port}:{number}"


def environment(credential: Mapping[str, str], folder: Path, pinned: str) -> dict[str, str]:
    """Give git the credential in its environment, or in files only we can read; never as words."""
    options = {"core.trustctime": "false", "core.autocrlf": "false", "gc.auto": "0"}
    options["http.followRedirects"] = "false"
    if pinned:
        # Else git asks for the number once more, and a name may have moved inside since.
        options["http.curloptResolve"] = pinned
    known = {"GIT_ALLOW_PROTOCOL": "file:https:ssh" if allows_private(credential) else "https:ssh"}
    if token := credential.get("token"):
        (folder / "ask").write_text('#!/bin/sh\nprintf "%s\\n" "$PUBLISHER_GIT_ANSWER"\n', "utf-8")
        (folder / "ask").chmod(0o700)
        user = credential.get("username", "git")
        options["credential.username"] = user
        known |= {"GIT_ASKPASS": str(folder / "ask"), "PUBLISHER_GIT_ANSWER": token}
    if found := _SSH.match(credential["repository"]):
        known["GIT_SSH_COMMAND"] = _ssh(credential, folder, found[1], found[2] or "22")
    for number, (name, value) in enumerate(options.items()):
        known |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return {**known, "GIT_CONFIG_COUNT": str(len(options))}


def _ssh(credential: Mapping[str, str], folder: Path, host: str, port: str) -> str:
    """Give the command by which git reaches the one machine whose key is known."""
    name = host if port == "22" else f"[{host}]:{port}"
    (folder / "hosts").write_text(f"{name} {credential['host_key'].strip()}\n", "utf-8")
    key = folder / "key"
    key.touch(mode=0o600)
    key.write_text(credential.get("private_key", "").strip() + "\n", "utf-8")
    return (
        f"ssh -F /dev/null -i {key} -o IdentitiesOnly=yes -o BatchMode=yes "
        f"-o StrictHostKeyChecking=yes -o UserKnownHostsFile={folder / 'hosts'}"
    )
