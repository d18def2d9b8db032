"""Compares what is shipped (docs/sbom.json) with the public list of known holes at osv.dev.

    ./run check --holes   one request that names packages and versions, and nothing else of this machine

Leaves with 0 when none is known, with 1 and their names when some are, and with 2 when the list could not be asked.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import httpx2

from challenge.people.oidc.outgoing import Outgoing

BILL: Final = Path(__file__).parent.parent / "docs" / "sbom.json"
LIST: Final = "https://api.osv.dev/v1/querybatch"
PAGE: Final = "https://osv.dev/vulnerability/"
MOST_PAGES: Final = 20


class Unasked(Exception):  # noqa: N818 -- an answer, not an error
    """The list gave no answer that says anything."""


def main(bill: Path = BILL, address: str = LIST, transport: httpx2.BaseTransport | None = None) -> int:
    """Say what is known; the exit code."""
    purls = sorted(one["purl"] for one in json.loads(bill.read_text())["components"] if "purl" in one)
    try:
        with httpx2.Client(transport=transport or Outgoing(), trust_env=False) as client:
            found = holes(client, address, purls)
    except Unasked as error:
        _say(f"{address} could not be asked ({error}): whether anything shipped has a known hole was NOT looked at.")
        return 2
    for purl, names in found.items():
        _say(f"{purl}: {', '.join(PAGE + name for name in names)}")
    _say(f"{len(purls)} packages asked about, {len(found)} with known holes.")
    return 1 if found else 0


def holes(client: httpx2.Client, address: str, purls: Iterable[str]) -> dict[str, list[str]]:
    """Which packages have holes that are known, with their names there. Raises Unasked."""
    found: dict[str, list[str]] = {}
    asked: dict[str, str | None] = dict.fromkeys(purls)  # with the page of its answer that comes next
    for _page in range(MOST_PAGES):
        results = _asked(client, address, asked)
        following: dict[str, str | None] = {}
        for purl, result in zip(asked, results, strict=True):
            if names := [one["id"] for one in result.get("vulns", [])]:
                found.setdefault(purl, []).extend(names)
            if token := result.get("next_page_token"):
                following[purl] = token
        if not following:
            return found
        asked = following
    message = f"more than {MOST_PAGES} pages"
    raise Unasked(message)


def _asked(client: httpx2.Client, address: str, asked: dict[str, str | None]) -> list[dict]:
    queries = [{"package": {"purl": purl}, **({"page_token": token} if token else {})} for purl, token in asked.items()]
    try:
        answer = client.post(address, json={"queries": queries}).raise_for_status()
        results: list[dict] = answer.json()["results"]
    except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
        raise Unasked(type(error).__name__) from error
    if not isinstance(results, list) or len(results) != len(asked):
        message = "another number of answers than of questions"
        raise Unasked(message)
    return results


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
