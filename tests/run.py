"""Everything that is checked, in order; the first failure stops. ``check`` is the fast half, ``test`` all of it.

``check --mutants`` plants faults and takes guards out, to see that the tests notice: half an hour and more.
``check --holes`` asks a public list about everything that is shipped; it needs the network, and nothing else here does.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import time

from postgres import memory

ROOT = pathlib.Path(__file__).parent.parent
BIN = pathlib.Path(sys.executable).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def say(text: str) -> None:
    """Print at once: what runs next prints by itself."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def step(name: str, *command: str | pathlib.Path) -> None:
    """Run one command; leave with its code when it fails."""
    started = time.monotonic()
    say(f"== {name}")
    code = subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode
    if code:
        say(f"== {name} failed ({code})")
        sys.exit(code)
    say(f"== {name}: {time.monotonic() - started:.0f} s")


def browser() -> None:
    """Debian's Chromium, installed when we may; the browser stories need it."""
    if os.environ.get("CHROMIUM") or any(shutil.which(name) for name in CHROMIUM):
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        say("No Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM.")
        if os.environ.get("CI"):
            sys.exit(1)
        return
    quiet = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=True, stdout=subprocess.DEVNULL)
    packages = ["chromium", "fonts-liberation"]
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(install, env=quiet, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Lint, types, imports, then the tests."""
    everything = sys.argv[1:2] == ["test"]
    more = sys.argv[2:]
    if more[:1] == ["--mutants"]:
        step("guards", sys.executable, "-m", "tests.mutation.matrix")
        step("faults", sys.executable, "-m", "tests.mutation.run", *more[1:])
        return
    if more[:1] == ["--holes"]:
        step("holes", sys.executable, "-m", "scripts.holes")
        return
    if not more:
        step("lint", BIN / "ruff", "check", ".")
        step("format", BIN / "ruff", "format", "--check", ".")
        step("types", BIN / "mypy")
        step("imports", BIN / "lint-imports")
    if everything:
        browser()
        if (folder := memory()) is not None:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)
        step("tests", sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", *more)
    else:
        step("tests", sys.executable, "-m", "pytest", "-n", "2", "-m", "not browser and not postgres", *more)


if __name__ == "__main__":
    main()
