"""What validation says, in words that tell what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from challenge.kernel.ask import Ask
from challenge.kernel.i18n import Text, _, _n, gettext


def message_of(error: Any, info: FieldInfo | None) -> Text:
    """The text for one error of a validation; ``info`` is the field, None for the whole."""
    kind, context = str(error["type"]), error.get("ctx") or {}
    label = _Label(info.title) if info is not None and info.title else None
    if kind in {"missing", "string_too_short"} and context.get("min_length", 1) == 1:
        return _missing(info, label)
    if kind == "too_short" and (said := _ask(info)) is not None and said.missing:
        return _(said.missing)
    if kind == "too_many_words":
        return _n("Shorten this by one word", "Shorten this by %(n)s words", context["over"])
    if kind == "value_error":
        return _(str(context.get("error", "")) or "This is not right")
    if kind in {"greater_than_equal", "greater_than"}:
        return _("Enter at least %(limit)s", limit=context.get("ge", context.get("gt")))
    if kind in {"less_than_equal", "less_than"}:
        return _("Enter at most %(limit)s", limit=context.get("le", context.get("lt")))
    if kind == "too_long":
        return _("Choose at most %(limit)s", limit=context.get("max_length"))
    if kind == "string_too_long":
        return _("Shorten this to %(limit)s characters", limit=context.get("max_length"))
    if kind == "string_too_short":
        return _("Write at least %(limit)s characters", limit=context.get("min_length"))
    return FIXED.get(kind.removesuffix("_parsing"), _("This is not right"))


def faults_of(
    model: type[BaseModel],
    answers: Mapping[str, Any],
    *,
    choices: Mapping[str, Sequence[tuple[str, object]]] | None = None,
    zone: str = "UTC",
) -> dict[str, Text]:
    """What each answer of a draft still needs, by field; nothing when the form is complete. For guards on *submit*."""
    given = {name: value for name, value in answers.items() if name in model.model_fields and value not in ("", None)}
    found: dict[str, Text] = {}
    try:
        model.model_validate(given, context={"zone": zone})
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            name = str(fault["loc"][0]) if fault["loc"] else ""
            found.setdefault(name, message_of(fault, model.model_fields.get(name)))
    for name, options in (choices or {}).items():
        allowed = {value for value, _label in options}
        answer = given.get(name)
        values = answer if isinstance(answer, list) else [] if answer is None else [answer]
        if any(str(value) not in allowed for value in values):
            found.setdefault(name, _("Choose from the list"))
    return {name: found[name] for name in ["", *model.model_fields] if name in found}


class _Label:
    """A label that is translated when it is shown."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __str__(self) -> str:
        return gettext(self.message)


def _ask(info: FieldInfo | None) -> Ask | None:
    return next((entry for entry in (info.metadata if info else []) if isinstance(entry, Ask)), None)


def _missing(info: FieldInfo | None, label: _Label | None) -> Text:
    said = _ask(info)
    if said is not None and said.missing:
        return _(said.missing)
    return _("Fill in: %(label)s", label=label) if label else _("Fill this in")


FIXED = {
    "int": _("Enter a whole number"),
    "int_from_float": _("Enter a whole number"),
    "float": _("Enter a number"),
    "decimal": _("Enter a number"),
    "bool": _("Choose yes or no"),
    "date": _("Enter a date, for example 2027-03-31"),
    "date_from_datetime": _("Enter a date, for example 2027-03-31"),
    "datetime": _("Enter a date and a time, for example 2027-03-31 17:00"),
    "datetime_from_date": _("Enter a date and a time, for example 2027-03-31 17:00"),
    "time_missing": _("The clock skips this time when summer time starts. Choose another"),
    "time_twice": _("This time happens twice when summer time ends. Choose another"),
    "money": _("Enter an amount in euros, for example 12,500"),
    "enum": _("Choose from the list"),
    "literal_error": _("Choose from the list"),
    "extra_forbidden": _("This form has no such answer"),
    "too_short": _("Choose at least one"),
    "string_type": _("Enter text"),
    "string_pattern_mismatch": _("Use small letters, digits and underscores"),
}
