"""Where the book lives: its repository and its site, if anybody knows.

One setting says it, `repository.url` in `_config.yml`, and the git remote `origin` where that is empty. Where
neither is known, nothing that would need it is made: no button leads nowhere.
"""

import os
import re
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
# git@host:owner/name.git, ssh://git@host/owner/name.git, https://user:token@host/owner/name.git
REMOTE = re.compile(r"^(?:[a-z+]+://)?(?:[^@/]+@)?([\w.-]+\.[a-z]+)(?::\d+)?[/:]([\w./~-]+?)(?:\.git)?/?$")
NOTEBOOKS = "notebooks"  # the branch that holds the chapters as they run anywhere; pages.yml writes it


def as_web(remote):
    """The web address of a git remote, without what is secret in it; "" for a folder on this machine."""
    found = REMOTE.match(remote.strip())
    return f"https://{found[1]}/{found[2]}" if found else ""


def git(*words, root=ROOT):
    """What git answers, or "" where there is no git, no repository or no such thing."""
    try:
        answer = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True)
    except OSError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def repository(root=ROOT):
    """The web address of the repository, or ""."""
    settings = yaml.safe_load((Path(root) / "_config.yml").read_text(encoding="utf-8"))
    said = (settings.get("repository") or {}).get("url") or ""
    return said.rstrip("/").removesuffix(".git") or as_web(git("remote", "get-url", "origin", root=root))


def branch(root=ROOT):
    """The branch that readers are sent to: the one that the remote calls its own, else main."""
    head = git("symbolic-ref", "--short", "refs/remotes/origin/HEAD", root=root)
    return head.removeprefix("origin/") or "main"


def has_notebooks_branch(root=ROOT):
    """Whether the branch is there, or will be before the site is: pages.yml says so by NOTEBOOKS_BRANCH."""
    if os.environ.get("NOTEBOOKS_BRANCH"):
        return True
    return bool(git("show-ref", "--verify", f"refs/remotes/origin/{NOTEBOOKS}", root=root))


def site(root=ROOT):
    """The address of the published site, with a slash at its end, or "": SITE_URL, or `html.baseurl`.

    It is not guessed from the repository's: a repository need not have a site.
    """
    settings = yaml.safe_load((Path(root) / "_config.yml").read_text(encoding="utf-8"))
    said = os.environ.get("SITE_URL") or (settings.get("html") or {}).get("baseurl") or ""
    return said.rstrip("/") + "/" if said else ""
