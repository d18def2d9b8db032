"""Estonian is complete: every text of code and templates has its translation, with the same names in it."""

import importlib.util
import re
from collections import defaultdict

import pytest

from tests.house.test_files import ROOT

NAMES = re.compile(r"%\((\w+)\)[sd]")
ALONE = re.compile(r"(?<!%)%(?!\(\w+\)[sd]|%)")


@pytest.fixture(scope="module")
def texts():
    """The script that keeps the catalogues, as a module."""
    spec = importlib.util.spec_from_file_location("texts", ROOT / "scripts" / "texts.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def estonian(texts):
    return [message for message in texts.updated("et") if message.id]


def forms(found):
    return found if isinstance(found, (list, tuple)) else (found,)


def test_every_text_has_its_estonian(texts):
    assert texts.missing("et") == [], "run scripts/texts.py and translate what is empty"


def test_the_catalogue_holds_what_is_used_and_nothing_else(texts, estonian):
    kept = {(str(message.id), message.context) for message in texts.kept("et") if message.id}

    assert kept == {(str(message.id), message.context) for message in estonian}


def test_translations_keep_the_names(estonian):
    for message in estonian:
        wanted = set(NAMES.findall(forms(message.id)[-1]))
        assert set(NAMES.findall(forms(message.string)[-1])) == wanted, message.id
        if wanted:
            assert not any(ALONE.search(form) for form in forms(message.string)), message.id


def test_a_singular_has_one_plural(texts):
    """Catalogues are keyed by the singular: two plurals under one would fill in each other's names."""
    plurals = defaultdict(set)
    for _where, _line, message, _context in texts.found():
        if isinstance(message, tuple):
            plurals[message[0]].add(message[1])

    assert {singular: found for singular, found in plurals.items() if len(found) > 1} == {}
