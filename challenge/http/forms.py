"""Forms from Pydantic models: what was typed is kept, every answer says what is wrong with it and what to do."""

from __future__ import annotations

import functools
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeVar, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from challenge.http.messages import message_of
from challenge.http.sent import SentBody
from challenge.kernel.ask import Ask, Words
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _, _n, gettext

M = TypeVar("M", bound=BaseModel)
Choices = Sequence[tuple[str, object]]  # value, label
_CONTROL = frozenset({"version", "step"})


@dataclass(slots=True)
class FieldView:
    """One field as the page shows it."""

    name: str
    label: str
    hint: str
    widget: str
    value: Any
    required: bool
    rows: int = 5
    words: int | None = None
    choices: list[tuple[str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    part: str = ""
    autocomplete: str = ""


class Form(Generic[M]):
    """``data`` holds what was typed by field name; ``errors`` what is wrong; ``value`` the model when ``valid``."""

    def __init__(
        self,
        model: type[M],
        data: Mapping[str, Any] | None = None,
        *,
        choices: Mapping[str, Choices] | None = None,
        zone: str = "UTC",
        checked: bool = False,
    ) -> None:
        self.model = model
        self.data = dict(data or {})
        self.choices = dict(choices or {})
        self.zone = zone
        self.show_errors = checked
        self._value: M | None = None
        self._errors: dict[str, list[Text]] | None = None
        self._extra: list[tuple[str, Text]] = []

    @classmethod
    def sent(
        cls, model: type[M], body: SentBody, *, choices: Mapping[str, Choices] | None = None, zone: str = "UTC"
    ) -> Form[M]:
        """The form as it was sent, to be checked."""
        return cls(model, read(model, body), choices=choices, zone=zone, checked=True)

    def _check(self) -> None:
        self._errors = {}
        try:
            self._value = self.model.model_validate(self._for_validation(), context={"zone": self.zone})
        except ValidationError as error:
            for found in error.errors(include_url=False):
                name = str(found["loc"][0]) if found["loc"] else ""
                info = self.model.model_fields.get(name)
                self._errors.setdefault(name, []).append(message_of(found, info))
        for name, options in self.choices.items():
            allowed = {value for value, _label in options}
            given = self.data.get(name)
            values = given if isinstance(given, list) else [given] if given not in (None, "") else []
            if any(str(value) not in allowed for value in values) and name not in self._errors:
                self._errors[name] = [_("Choose from the list")]

    def _for_validation(self) -> dict[str, Any]:
        """What was typed, without empty answers: an empty answer is a missing one."""
        return {name: value for name, value in self.data.items() if value not in ("", None)}

    @property
    def errors(self) -> dict[str, list[Text]]:
        """Messages by field name; ``""`` for the form as a whole."""
        if self._errors is None:
            self._check()
        found = {name: list(messages) for name, messages in (self._errors or {}).items()}
        for name, text in self._extra:
            found.setdefault(name, []).append(text)
        return found

    @property
    def valid(self) -> bool:
        """Whether everything asked for is there and right."""
        return not self.errors

    @property
    def value(self) -> M:
        """The model. Only when ``valid``."""
        if not self.valid or self._value is None:
            message = f"{self.model.__name__} is not valid: {sorted(self.errors)}"
            raise ValueError(message)
        return self._value

    def say(self, name: str, text: Text) -> None:
        """Add an error found outside the model (by a rule, by the database)."""
        self.show_errors = True
        self._extra.append((name, text))

    def say_problem(self, problem: Problem) -> None:
        """Show a problem at the fields it names, or at the top."""
        for name, text in problem.fields.items():
            self.say(name, text)
        if not problem.fields:
            self.say("", problem.text)

    @property
    def kept(self) -> dict[str, Any]:
        """What was typed, for a draft: every field of the model, right or wrong, nothing lost."""
        return {name: self.data[name] for name in self.model.model_fields if name in self.data}

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(href, text) for the error summary, in the order of the fields."""
        order = {name: place for place, name in enumerate(self.model.model_fields)}
        found = sorted(self.errors.items(), key=lambda entry: order.get(entry[0], -1))
        return [(f"#{name}" if name in order else "#main", str(text)) for name, texts in found for text in texts]

    @property
    def summary_title(self) -> str:
        """How many answers need the person."""
        return str(_n("One answer needs you", "%(n)s answers need you", len(self.errors)))

    @property
    def fields(self) -> list[FieldView]:
        """The fields in the model's order."""
        return [self.field(name) for name in self.model.model_fields]

    def field(self, name: str) -> FieldView:
        """One field, for pages that lay a form out themselves."""
        info = self.model.model_fields[name]
        ask = ask_of(info)
        words = next((entry.limit for entry in info.metadata if isinstance(entry, Words)), None)
        return FieldView(
            name=name,
            label=gettext(info.title or name.replace("_", " ").capitalize()),
            hint=gettext(info.description) if info.description else "",
            widget=ask.widget,
            value=shown(self.data.get(name, _default(info)), ask.widget, self.zone),
            required=info.is_required(),
            rows=ask.rows,
            words=words,
            choices=self._choices(name, info),
            errors=[str(text) for text in self.errors.get(name, [])] if self.show_errors else [],
            part=ask.part,
            autocomplete=ask.autocomplete,
        )

    def _choices(self, name: str, info: FieldInfo) -> list[tuple[str, str]]:
        if name in self.choices:
            return [(value, str(label)) for value, label in self.choices[name]]
        enum = _enum_in(info.annotation)
        return [(str(member.value), str(member.value)) for member in enum] if enum else []


def ask_of(info: FieldInfo) -> Ask:
    """How the field is asked for; guessed from its type where nothing is said."""
    for entry in info.metadata:
        if isinstance(entry, Ask):
            return entry
    kinds = _types_in(info.annotation)
    if bool in kinds:
        return Ask("checkbox")
    if list in kinds or set in kinds:
        return Ask("checkboxes")
    if date in kinds:
        return Ask("date")
    if int in kinds:
        return Ask("number")
    return Ask("radios" if _enum_in(info.annotation) else "text")


@functools.cache
def _shape(model: type[BaseModel]) -> dict[str, str]:
    """Field name → "list", "bool" or "one": how it is read from a form."""
    shapes = {}
    for name, info in model.model_fields.items():
        kinds = _types_in(info.annotation)
        shapes[name] = "list" if kinds & {list, set} else "bool" if bool in kinds else "one"
    return shapes


def read(model: type[BaseModel], body: SentBody) -> dict[str, Any]:
    """What was sent, by field; unknown names stay in, so that ``extra="forbid"`` refuses them."""
    if body.json is not None:
        return dict(body.json)
    shapes = _shape(model)
    data: dict[str, Any] = {
        name: values if shapes.get(name) == "list" else values[-1].strip()
        for name, values in body.fields.items()
        if name not in _CONTROL
    }
    for name, shape in shapes.items():
        if shape == "bool":
            data[name] = name in body.fields and body.get(name) not in ("", "false", "no", "0")
        elif shape == "list":
            data[name] = [value for value in body.fields.get(name, []) if value]
    return data


def shown(value: Any, widget: str, zone: str) -> Any:
    """A value as an input shows it: money in euros, instants as local time of the zone."""
    if value is None:
        return ""
    if widget == "money" and isinstance(value, int) and not isinstance(value, bool):
        return f"{value // 100}" if value % 100 == 0 else f"{value / 100:.2f}"
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (list, set, frozenset)):
        return [shown(entry, "text", zone) for entry in value]
    return value if isinstance(value, bool) else str(value)


def _default(info: FieldInfo) -> Any:
    return None if info.is_required() else info.get_default(call_default_factory=True)


def _types_in(annotation: Any) -> set[Any]:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return {kind for part in get_args(annotation) for kind in _types_in(part)}
    return {origin or annotation}


def _enum_in(annotation: Any) -> type[Enum] | None:
    parts = [annotation, *get_args(annotation)]
    return next((part for part in parts if isinstance(part, type) and issubclass(part, Enum)), None)
