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


def found() -> list[tuple[str, int, str | tuple[str, ...], str | None]]:
    """Every message of the project as (file, line, message, context), in reading order."""
    rows = []
    for folder in ("challenge", "templates"):
        for name, line, message, _comments, context in extract_from_dir(
            str(ROOT / folder),
            [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in METHODS if pattern.startswith(folder)],
            {pattern.removeprefix(f"{folder}/"): options for pattern, options in OPTIONS.items()},
            KEYWORDS,
        ):
            rows.append((f"{folder}/{name}", line, message, context))
    return sorted(rows, key=lambda row: (row[0], row[1]))


def kept(language: str) -> Catalog:
    """The catalogue as it is committed."""
    path = LOCALE / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> Catalog:
    """The language's catalogue with exactly the messages of today."""
    old = kept(language)
    new = Catalog(locale=language, project="challenge", charset="utf-8", fuzzy=False)
    for name, _line, message, context in found():
        identity = message if isinstance(message, str) else message[0]
        known = old.get(identity, context)
        string = known.string if known is not None and not known.fuzzy else None
        new.add(message, string=string, locations=[(name, 0)], context=context)
    return new


def missing(language: str) -> list[str]:
    """Messages without a translation, or with fewer forms than the language has."""
    rows = []
    for message in updated(language):
        forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if message.id and not all(forms):
            rows.append(str(message.id))
    return rows


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
