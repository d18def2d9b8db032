"""The form of a scenario: its fields are the sizes, themes, cities and proposals of the round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from challenge.http.forms import Choices, Form
from challenge.kernel.ask import Ask, Euros
from challenge.kernel.i18n import N_, _
from challenge.kernel.money import euros
from challenge.selection.pages.wording import Wording
from challenge.selection.queries import Names

MOST = 99
Whole = Annotated[int | None, Ask("number")]


def model_of(limits: Mapping[str, Any], wording: Wording) -> type[BaseModel]:
    """Everything but the name may be left empty: then it is as in the round."""
    budget = limits["budget"]
    hint = (
        _("Empty: %(amount)s, as in the round.", amount=euros(budget)) if budget is not None else _("Empty: no limit.")
    )
    fields: dict[str, Any] = {
        "name": (
            Annotated[str, Ask(missing=N_("Name the scenario"))],
            Field(min_length=1, max_length=80, title=N_("Name"), description=N_("For example: three large, one mid.")),
        ),
        "budget": (
            Annotated[Euros | None, Ask("money", part="money")],
            Field(default=None, ge=0, le=10**13, title=N_("Budget"), description=str(hint)),
        ),
    }
    for key, number in limits["planned"].items():
        title = str(_("Places for %(size)s", size=wording.sizes.get(key, key)))
        fields[f"planned-{key}"] = _number("money", title, str(_("Empty: %(number)s.", number=number)))
    for key, theme in wording.themes.items():
        fields[f"least-{key}"] = _number("themes", str(_("%(theme)s, at least", theme=theme)))
        fields[f"most-{key}"] = _number("themes", str(_("%(theme)s, at most", theme=theme)))
    for key, name in sorted(wording.names.cities.items(), key=lambda entry: entry[1]):
        number = limits["city_cap"].get(key)
        empty = _("Empty: no limit.") if number is None else _("Empty: %(number)s.", number=number)
        fields[f"city-{key}"] = _number("cities", str(_("Pilots of %(city)s, at most", city=name)), str(empty))
    for name, title in (("must_in", N_("Must be in")), ("must_out", N_("Must be out"))):
        fields[name] = (
            Annotated[list[str], Ask("checkboxes", part="proposals")], Field(default_factory=list, title=title)
        )  # fmt: skip
    return create_model("ScenarioIn", __config__=ConfigDict(extra="forbid", str_strip_whitespace=True), **fields)


def _number(part: str, title: str, description: str = "") -> tuple[Any, Any]:
    return Annotated[int | None, Ask("number", part=part)], Field(
        default=None, ge=0, le=MOST, title=title, description=description or None
    )


def choices_of(names: Names) -> dict[str, Choices]:
    """The proposals that may be kept in or out."""
    listed = [(one.code, one.title) for one in names.proposals.values()]
    return {"must_in": listed, "must_out": listed}


def changes_of(form: Form[Any], names: Names) -> dict[str, Any]:
    """What was filled in, by kind of rule, proposals by id; says at the fields what contradicts itself."""
    given = form.value.model_dump()
    ids = {one.code: key for key, one in names.proposals.items()}
    changes: dict[str, Any] = {} if given["budget"] is None else {"budget": given["budget"]}
    kinds = {"planned": "planned", "least": "theme_min", "most": "theme_max", "city": "city_cap"}
    for field, value in given.items():
        prefix, _dash, key = field.partition("-")
        if key and value is not None:
            changes.setdefault(kinds[prefix], {})[key] = value
    for name in ("must_in", "must_out"):
        if given[name]:
            changes[name] = sorted(ids[code] for code in given[name])
    for key, least in changes.get("theme_min", {}).items():
        if least > changes.get("theme_max", {}).get(key, MOST):
            form.say(f"most-{key}", _("Give a number that is not below the least"))
    if set(changes.get("must_in", ())) & set(changes.get("must_out", ())):
        form.say("must_out", _("Leave out what must be in"))
    return changes
