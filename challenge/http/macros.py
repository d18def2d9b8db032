"""The environment of govuk-frontend's macros, and how our values become their parameters.

The macros test for missing keys, so they run in an environment of their own with chainable undefined values. Text given
as `Markup` (also what `_()` returns in a template) is used as it is, any other text is escaped.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import cache
from typing import cast

from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup, escape

Params = dict[str, object]
Choice = Mapping[str, object] | tuple[object, str]
Body = Callable[[], str]


@cache
def _environment() -> Environment:
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return Environment(
        loader=loader, autoescape=True, undefined=ChainableUndefined, trim_blocks=True, lstrip_blocks=True
    )


@cache
def _macro(folder: str) -> Callable[[Params], str]:
    name = "govuk" + "".join(word.capitalize() for word in folder.split("-"))
    module = _environment().get_template(f"govuk_frontend_jinja/components/{folder}/macro.html").module
    return cast("Callable[[Params], str]", getattr(module, name))


def draw(folder: str, params: Params) -> Markup:
    """Leave out what was not given: the macros tell "missing" from "empty"."""
    return Markup(_macro(folder)({key: value for key, value in params.items() if value is not None}).strip())  # noqa: S704


def text_of(text: str | None, **more: object) -> Params | None:
    """Say whether a text is markup or plain; None stays None."""
    return None if text is None else {"html" if isinstance(text, Markup) else "text": text, **more}


def either(prefix: str, text: str | None) -> Params:
    """Choose between parameters such as titleHtml and titleText."""
    return {} if text is None else {f"{prefix}Html" if isinstance(text, Markup) else f"{prefix}Text": text}


def value_of(value: object) -> str:
    """Write a form value as its input carries it."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def lines_of(value: object) -> Markup:
    """Keep a textarea's line ends through the macros' indenting, and the first one through HTML."""
    return Markup("&#10;") + Markup(str(escape(value_of(value))).replace("\r\n", "\n").replace("\n", "&#10;"))  # noqa: S704


def choices_of(items: Iterable[Choice]) -> list[Params]:
    """Write pairs of value and text, or mappings, as the macros' items."""
    out: list[Params] = []
    for item in items:
        choice: Params = {"value": item[0], **(text_of(item[1]) or {})} if isinstance(item, tuple) else dict(item)
        if isinstance(choice.get("text"), Markup):
            choice["html"] = choice.pop("text")
        if "value" in choice:
            choice["value"] = value_of(choice["value"])
        if isinstance(hint := choice.get("hint"), str):
            choice["hint"] = text_of(hint)
        if isinstance(more := choice.get("conditional"), str):
            choice["conditional"] = {"html": escape(more)}
        out.append(choice)
    return out


def inside(caller: Body) -> Markup:
    """Take what stands between {% call %} and {% endcall %}: the template escaped it already."""
    return Markup(caller())  # noqa: S704
