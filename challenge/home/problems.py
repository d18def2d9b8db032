"""Every reason the service may give, by its code: read off the code, so that the list is never behind.

``Problem("code", _("Text"))`` is looked for in the source of this package. Names in a text stand as "…".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from challenge.kernel.i18n import gettext, ngettext

PACKAGE = Path(__file__).parent.parent
NAME = re.compile(r"%\(\w+\)s")
MAY_NOT = "may_not"  # people.rules.may_not(text) has this code
Forms = tuple[str, ...]


@cache
def known() -> dict[str, tuple[Forms, ...]]:
    """Code → the texts it comes with, each as its English forms (one, or singular and plural)."""
    found: dict[str, dict[Forms, None]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for code, forms in _problem(node):
                found.setdefault(code, {})[forms] = None
    return {code: tuple(found[code]) for code in sorted(found)}


def explained() -> list[tuple[str, list[str]]]:
    """(code, texts in the reader's language), for the page of problems."""
    return [(code, [_shown(forms) for forms in texts]) for code, texts in known().items()]


def _shown(forms: Forms) -> str:
    text = gettext(forms[0]) if len(forms) == 1 else ngettext(forms[0], forms[1], 2)
    return NAME.sub("…", text)


def _problem(node: ast.AST) -> Iterator[tuple[str, Forms]]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return
    if node.func.id == "Problem" and len(node.args) > 1:
        code, text = node.args[0], node.args[1]
        if isinstance(code, ast.Constant) and (forms := _forms(text)):
            yield str(code.value), forms
    elif node.func.id == MAY_NOT and node.args and (forms := _forms(node.args[0])):
        yield MAY_NOT, forms


def _forms(node: ast.expr) -> Forms:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in {"_", "_n"}:
        return ()
    count = 2 if node.func.id == "_n" else 1
    texts = [argument.value for argument in node.args[:count] if isinstance(argument, ast.Constant)]
    return tuple(str(text) for text in texts) if len(texts) == count else ()
