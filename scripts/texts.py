"""Bring the catalogues up to date with the texts of code and templates: ``./run python scripts/texts.py``.

New messages are added empty, unused ones are dropped, translations stay. Nothing is guessed (no fuzzy matching).
"""

import pathlib
import sys

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = pathlib.Path(__file__).parent.parent
LOCALE = ROOT / "challenge" / "locale"
METHODS = [("challenge/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "extensions": "jinja2.ext.do"}}
KEYWORDS = {
    "_": None, "N_": None, "gettext": None, "_n": (1, 2), "ngettext": (1, 2), "Text": None, "_Label": None,
}  # fmt: skip


def extracted() -> Catalog:
    """Every message of the project, where it stands, in reading order."""
    catalogue = Catalog(project="challenge", charset="utf-8", fuzzy=False)
    found = []
    for folder in ("challenge", "templates"):
        for name, line, message, _comments, context in extract_from_dir(
            str(ROOT / folder),
            [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in METHODS if pattern.startswith(folder)],
            {pattern.removeprefix(f"{folder}/"): options for pattern, options in OPTIONS.items()},
            KEYWORDS,
        ):
            found.append((f"{folder}/{name}", line, message, context))
    for name, _line, message, context in sorted(found, key=lambda entry: (entry[0], entry[1])):
        catalogue.add(message, locations=[(name, 0)], context=context)
    return catalogue


def updated(language: str) -> Catalog:
    """The language's catalogue with exactly the messages of today."""
    path = LOCALE / language / "LC_MESSAGES" / "messages.po"
    old = read_po(path.open("rb"), locale=language) if path.exists() else Catalog(locale=language)
    new = Catalog(locale=language, project="challenge", charset="utf-8", fuzzy=False)
    for message in extracted():
        if message.id:
            known = old.get(message.id, message.context)
            string = known.string if known is not None and not known.fuzzy else None
            new.add(message.id, string=string, locations=message.locations, context=message.context)
    return new


def missing(language: str) -> list[str]:
    """Messages without a translation, or with fewer forms than the language has."""
    found = []
    for message in updated(language):
        forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if message.id and not all(forms):
            found.append(str(message.id))
    return found


def main() -> None:
    """Write the catalogues; say how much is missing."""
    for language in sys.argv[1:] or ["et"]:
        path = LOCALE / language / "LC_MESSAGES" / "messages.po"
        catalogue = updated(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, omit_header=False, sort_output=False, include_lineno=False, width=120)
        sys.stdout.write(f"{language}: {len(catalogue)} messages, {len(missing(language))} without translation\n")


if __name__ == "__main__":
    main()
