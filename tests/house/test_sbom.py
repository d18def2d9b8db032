"""The bill of materials is what the locks pin and what is served; a stale one fails, on every machine and day."""

import hashlib
import importlib.util
import json
import re
import shutil

import pytest

from tests.house.test_files import ROOT

READ = ("pyproject.toml", "requirements/run.txt", "challenge/http/static/vendor/vendor.lock", "docs/sbom.json")


@pytest.fixture(scope="module")
def sbom():
    """The script that writes it, as a module."""
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "scripts" / "sbom.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bill():
    return json.loads((ROOT / "docs" / "sbom.json").read_text())


@pytest.fixture
def copy(tmp_path):
    """The files it is made from, to be changed."""
    for name in READ:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_it_is_current(sbom):
    assert sbom.text() == (ROOT / "docs" / "sbom.json").read_text(), "run ./run python scripts/sbom.py"


def test_every_pin_is_in_it_with_its_hashes(bill):
    lock = (ROOT / "requirements" / "run.txt").read_text()
    pins = {f"pkg:pypi/{name}@{version}" for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", lock, re.MULTILINE)}
    python = [one for one in bill["components"] if one["bom-ref"].startswith("pkg:pypi/")]
    assert {one["purl"] for one in python} == pins
    hashes = [found["content"] for one in python for found in one["hashes"]]
    assert hashes == re.findall(r"sha256:([0-9a-f]{64})", lock)


def test_files_of_others_are_served_as_it_says(bill):
    files = {one["name"]: one["hashes"][0]["content"] for one in bill["components"] if one["type"] == "file"}
    assert {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in files} == files
    folder = ROOT / "challenge/http/static/vendor"
    served = {path for path in folder.rglob("*") if path.suffix in {".js", ".mjs", ".css", ".woff2"}}
    assert {path.relative_to(ROOT).as_posix() for path in served} <= set(files)


def test_licences_are_what_packages_say_of_themselves(sbom, bill):
    wrong, asked = [], 0
    for one in bill["components"]:
        if not one["bom-ref"].startswith("pkg:pypi/") or "licenses" not in one:
            continue
        said = sbom.licence_of(one["name"], one["version"])
        asked += bool(said)
        wrong += [one["purl"]] if said and sbom.licences(said) != one["licenses"] else []
    assert wrong == []
    assert asked > 50


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("requirements/run.txt", "alembic==1.20.1", "alembic==1.20.2"),
        ("requirements/run.txt", "--hash=sha256:83490def", "--hash=sha256:93490def"),
        ("challenge/http/static/vendor/vendor.lock", "htmx.org@4.0.1", "htmx.org@4.0.2"),
        ("challenge/http/static/vendor/vendor.lock", 'licence = "0BSD"', 'licence = "MIT"'),
        ("pyproject.toml", 'version = "0.1.0"', 'version = "0.1.1"'),
        ("pyproject.toml", '  "alembic>=1.20",\n', ""),
    ],
)
def test_a_change_of_what_is_shipped_makes_it_stale(sbom, copy, name, old, new):
    assert sbom.text(copy) == (ROOT / "docs" / "sbom.json").read_text()
    lock = (copy / name).read_text()
    assert old in lock
    (copy / name).write_text(lock.replace(old, new, 1))
    assert sbom.text(copy) != (copy / "docs" / "sbom.json").read_text()


def test_it_does_not_depend_on_what_is_installed(sbom, copy, monkeypatch):
    monkeypatch.setattr(sbom, "licence_of", lambda _name, _version: "somebody else's machine")
    assert sbom.text(copy) == (ROOT / "docs" / "sbom.json").read_text()


def test_every_part_that_is_named_is_there_once(bill):
    refs = [bill["metadata"]["component"]["bom-ref"], *(one["bom-ref"] for one in bill["components"])]
    assert len(refs) == len(set(refs))
    named = {ref for entry in bill["dependencies"] for ref in (entry["ref"], *entry["dependsOn"])}
    assert named <= set(refs)
    assert "timestamp" not in bill["metadata"]
