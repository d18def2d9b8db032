"""Writes docs/sbom.json: what is shipped, as a CycloneDX 1.6 bill of materials. Needs nothing but Python.

    ./run python scripts/sbom.py           write it
    ./run python scripts/sbom.py --check   only say whether it is current

It is read off the two locks (requirements/run.txt and static/vendor/vendor.lock) and pyproject.toml, so the same locks
give the same bytes on every machine and day. A licence is what the package of exactly the pinned version says of
itself; once written it stays as long as the version does, because not every package is installed on every system.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\]+?))? *\\$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
NPM = re.compile(r"^(@?[^@]+)@([0-9][^@]*)$")
ALIASES = {
    "Apache License, Version 2.0": "Apache-2.0", "ISC License": "ISC", "MIT License": "MIT", "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0", "The Unlicense (Unlicense)": "Unlicense",
}  # fmt: skip
SPDX = re.compile(
    r"^(0BSD|Apache-2\.0|BSD-[23]-Clause|EUPL-1\.2|ISC|LGPL-3\.0-only|MIT(-0|-CMU)?|OFL-1\.1|PSF-2\.0|Unlicense)$"
)
OPERATOR = re.compile(r" (AND|OR|WITH) ")

Component = dict[str, Any]


def bill(root: Path = ROOT) -> dict[str, Any]:
    """The whole bill of materials of the tree at ``root``."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    own = {
        "type": "application", "bom-ref": "challenge", "name": project["name"], "version": project["version"],
        "licenses": licences(project["license"]), "purl": f"pkg:generic/{project['name']}@{project['version']}",
    }  # fmt: skip
    pinned, (packages, files, made_from) = pins(root), vendored(root)
    wanted = {normal(re.split(r"[\[<>=;! ]", entry)[0]) for entry in project["dependencies"]}
    direct = sorted([one["bom-ref"] for one in pinned if one["name"] in wanted] + list(made_from))
    body: dict[str, Any] = {
        "metadata": {"component": own},
        "components": [*pinned, *packages, *files],
        "dependencies": [
            {"ref": "challenge", "dependsOn": direct},
            *({"ref": ref, "dependsOn": sources} for ref, sources in made_from.items()),
        ],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(body, sort_keys=True))
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}", "version": 1, **body}


def pins(root: Path) -> list[Component]:
    """Python packages: every hash is one of a file of this version that may be installed."""
    kept = known_licences(root)
    found: list[Component] = []
    for line in (root / "requirements" / "run.txt").read_text().splitlines():
        if pin := PIN.match(line):
            name, version, marker = normal(pin[1]), pin[2], pin[3]
            purl = f"pkg:pypi/{name}@{version}"
            entry: Component = {
                "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": [],
            }  # fmt: skip
            said = kept[purl] if purl in kept else licences(licence_of(name, version))
            if said:
                entry["licenses"] = said
            if marker:
                entry["properties"] = [{"name": "challenge:only-where", "value": marker}]
            found.append(entry)
        elif digest := HASH.search(line):
            found[-1]["hashes"].append({"alg": "SHA-256", "content": digest[1]})
    return found


def vendored(root: Path) -> tuple[list[Component], list[Component], dict[str, list[str]]]:
    """Packages of npm, the files made of them as they are served, and which file is made of which packages."""
    folder = root / "challenge" / "http" / "static" / "vendor"
    packages: dict[str, Component] = {}
    files, made_from = [], {}
    for entry in tomllib.loads((folder / "vendor.lock").read_text())["file"]:
        name = (folder / entry["name"]).resolve().relative_to(root.resolve()).as_posix()
        sources = []
        for npm in filter(None, map(NPM.match, entry["source"])):
            purl = f"pkg:npm/{quote(npm[1], safe='/')}@{npm[2]}"
            sources.append(purl)
            packages.setdefault(
                purl,
                {
                    "type": "library", "bom-ref": purl, "name": npm[1], "version": npm[2], "purl": purl,
                    "licenses": licences(entry["licence"]),
                },
            )  # fmt: skip
        made_from[f"file:{name}"] = sources
        files.append(
            {
                "type": "file", "bom-ref": f"file:{name}", "name": name, "licenses": licences(entry["licence"]),
                "hashes": [{"alg": "SHA-256", "content": entry["sha256"]}],
            }
        )  # fmt: skip
    return list(packages.values()), files, made_from


def known_licences(root: Path) -> dict[str, list[dict[str, Any]]]:
    """By package, what the bill of before says."""
    path = root / "docs" / "sbom.json"
    before = json.loads(path.read_text())["components"] if path.exists() else []
    return {one["purl"]: one.get("licenses", []) for one in before if "purl" in one}


def licence_of(name: str, version: str) -> str:
    """What the installed package says, if it is of this version: its SPDX expression, else the older fields."""
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if said["Version"] != version:
        return ""
    older = [said["License"] or "", *(entry.rsplit(" :: ", 1)[-1] for entry in said.get_all("Classifier") or []
                                      if entry.startswith("License :: "))]  # fmt: skip
    readable = [ALIASES.get(entry, entry) for entry in older if entry and "\n" not in entry]
    sure = [entry for entry in readable if SPDX.match(entry)]
    return said["License-Expression"] or next(iter([*sure, *reversed(readable)]), "")


def licences(said: str) -> list[dict[str, Any]]:
    """As CycloneDX writes it: an identifier, an expression, or a name that is no identifier."""
    if not said:
        return []
    if OPERATOR.search(said):
        return [{"expression": said}]
    return [{"license": {"id" if SPDX.match(said) else "name": said}}]


def normal(name: str) -> str:
    """A Python package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def text(root: Path = ROOT) -> str:
    """The file: a line for each component, so that changes can be read."""
    found = bill(root)
    parts = []
    for key, value in found.items():
        if isinstance(value, list):
            rows = ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in value)
            parts.append(f'  "{key}": [\n{rows}\n  ]')
        else:
            parts.append(f'  "{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> int:
    """Write, or only look."""
    path = ROOT / "docs" / "sbom.json"
    is_current = path.exists() and path.read_text() == text()
    if "--check" not in sys.argv:
        path.write_text(text())
    print("docs/sbom.json", "is current" if is_current else "is stale" if "--check" in sys.argv else "written")
    return 0 if is_current or "--check" not in sys.argv else 1


if __name__ == "__main__":
    sys.exit(main())
