"""Templates: nothing inline, nothing imported for nothing, everything compiles."""

import re

import pytest

from challenge import wiring
from challenge.http.templates import environment, template_folder

FOLDER = template_folder()
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))


@pytest.fixture(scope="module")
def env():
    return environment(wiring.template_globals())


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(env, name):
    env.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_is_imported_is_used(name):
    text = (FOLDER / name).read_text()
    for line in re.findall(r"{%-?\s*from\s+\"[^\"]+\"\s+import\s+([^%]+?)\s*(?:with context)?\s*-?%}", text):
        for part in line.split(","):
            word = part.split(" as ")[-1].strip()
            uses = len(re.findall(rf"\b{re.escape(word)}\b", text))
            assert uses > 1, f"{word} is imported for nothing"


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_inline(name):
    text = (FOLDER / name).read_text()
    if name.endswith("email.html"):
        return  # mail programs know no style sheets of ours
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "<style" not in text
