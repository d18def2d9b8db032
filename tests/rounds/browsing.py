"""What a reader and a browser make of a page."""

from __future__ import annotations

import re

import html5lib


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def values_of(response):
    """What a browser would send back: every field of the page's main form, as it stands."""
    tree = html5lib.parse(response.text, namespaceHTMLElements=False)
    (form,) = [found for found in tree.iter("form") if found.get("action", "").startswith("/rounds")]
    sent: dict[str, list[str]] = {}
    for field in form.iter():
        name = field.get("name")
        if field.tag == "input" and name and field.get("type") != "file":
            if field.get("type") not in {"checkbox", "radio"} or field.get("checked") is not None:
                sent.setdefault(name, []).append(field.get("value", ""))
        elif field.tag == "textarea" and name:
            sent.setdefault(name, []).append((field.text or "").removeprefix("\n"))
        elif field.tag == "select" and name:
            chosen = [option.get("value", "") for option in field.iter("option") if option.get("selected") is not None]
            sent.setdefault(name, []).append(chosen[0] if chosen else "")
    return sent
