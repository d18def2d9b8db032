"""What asks: buttons and form fields, one typed method per macro."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

from markupsafe import Markup

from challenge.http.macros import Body, Choice, Params, choices_of, draw, inside, lines_of, text_of, value_of


class Fields:
    """The asking half of `Govuk`.

    Every field takes, besides what it names: hint, error (texts), id, size (of its label: "s", "m", "l") and any other
    parameter of the macro in its own spelling.
    """

    def __init__(self, gettext: Callable[[str], str]) -> None:
        """Take the function that translates one sentence into the reader's language, asked at every call."""
        self._ = gettext

    def button(
        self,
        text: str,
        *,
        href: str | None = None,
        tone: str = "primary",
        name: str | None = None,
        value: str | None = None,
        kind: str = "submit",
        blocked_by: str | None = None,
        attributes: Mapping[str, object] | None = None,
    ) -> Markup:
        """Offer an act, or a link that looks like one; blocked_by is the id of the reason: reachable, does nothing."""
        classes = "" if tone == "primary" else f"govuk-button--{tone}"
        more: Params = dict(attributes or {})
        if blocked_by is not None:
            kind, more = "button", {**more, "aria-disabled": "true", "aria-describedby": blocked_by}
        elif href is not None:
            written = Markup("").join(Markup(' {}="{}"').format(key, item) for key, item in more.items())
            return Markup('<a class="govuk-button {}" href="{}"{}>{}</a>').format(classes, href, written, text)
        once = True if kind == "submit" else None
        params: Params = {
            "name": name,
            "value": value,
            "type": kind,
            "classes": classes,
            "attributes": more,
            "preventDoubleClick": once,
        }
        return draw("button", {**params, **(text_of(text) or {})})

    def _field(self, name: str, given: Mapping[str, object], label: str, *, legend: bool = False) -> Params:
        """Everything the fields have in common: label or legend, hint, error, id, classes, attributes."""
        more = dict(given)
        size, hint, error = (
            more.pop("size", None),
            cast("str | None", more.pop("hint", None)),
            cast("str | None", more.pop("error", None)),
        )
        params: Params = {"name": name, "id": more.pop("id", None) or name, "hint": text_of(hint or None)}
        if error:
            params["errorMessage"] = text_of(error, visuallyHiddenText=self._("Error"))
        if legend:
            params["fieldset"] = {"legend": text_of(label, classes=f"govuk-fieldset__legend--{size}" if size else "")}
            params["idPrefix"] = params["id"]
        else:
            params["label"] = text_of(label, classes=f"govuk-label--{size}" if size else "")
        return {**params, **more}

    def input(
        self,
        name: str,
        label: str,
        *,
        value: object = "",
        kind: str = "text",
        width: str = "",
        affix: tuple[str | None, str | None] = (None, None),
        **more: object,
    ) -> Markup:
        """One line. width: 2, 3, 4, 5, 10, 20 or one-half …; affix: what stands before and after ("€", "months")."""
        classes = f"govuk-input--width-{width}" if width.isdigit() else f"govuk-!-width-{width}" if width else ""
        own: Params = {
            "value": value_of(value),
            "type": kind,
            "classes": classes,
            "prefix": text_of(affix[0]),
            "suffix": text_of(affix[1]),
        }
        return draw("input", {**self._field(name, more, label), **own})

    def password_input(
        self, name: str, label: str, *, autocomplete: str = "current-password", **more: object
    ) -> Markup:
        """Ask for a password, with a button that shows it."""
        words: Params = {
            "showPasswordText": self._("Show"),
            "hidePasswordText": self._("Hide"),
            "showPasswordAriaLabelText": self._("Show password"),
            "hidePasswordAriaLabelText": self._("Hide password"),
            "passwordShownAnnouncementText": self._("Your password is visible"),
            "passwordHiddenAnnouncementText": self._("Your password is hidden"),
        }
        return draw("password-input", {**self._field(name, more, label), **words, "autocomplete": autocomplete})

    def textarea(self, name: str, label: str, *, value: object = "", rows: int = 5, **more: object) -> Markup:
        """Several lines without a limit."""
        return draw("textarea", {**self._field(name, more, label), "value": lines_of(value), "rows": rows})

    def character_count(
        self,
        name: str,
        label: str,
        *,
        value: object = "",
        rows: int = 5,
        max_words: int | None = None,
        max_length: int | None = None,
        **more: object,
    ) -> Markup:
        """Several lines that count what is left, in words or in characters."""
        _ = self._
        words: Params = {
            "textareaDescriptionText": _("You can enter up to %{count} words")
            if max_words
            else _("You can enter up to %{count} characters"),
            "charactersUnderLimitText": {
                "one": _("You have %{count} character remaining"),
                "other": _("You have %{count} characters remaining"),
            },
            "charactersAtLimitText": _("You have 0 characters remaining"),
            "charactersOverLimitText": {
                "one": _("You have %{count} character too many"),
                "other": _("You have %{count} characters too many"),
            },
            "wordsUnderLimitText": {
                "one": _("You have %{count} word remaining"),
                "other": _("You have %{count} words remaining"),
            },
            "wordsAtLimitText": _("You have 0 words remaining"),
            "wordsOverLimitText": {
                "one": _("You have %{count} word too many"),
                "other": _("You have %{count} words too many"),
            },
        }
        own: Params = {"value": lines_of(value), "rows": rows, "maxwords": max_words, "maxlength": max_length}
        return draw("character-count", {**self._field(name, more, label), **words, **own})

    def radios(
        self,
        name: str,
        legend: str,
        items: Iterable[Choice],
        *,
        value: object = None,
        inline: bool = False,
        **more: object,
    ) -> Markup:
        """Choose one: pairs of value and text, or mappings with hint or divider; conditional is not accessible here."""
        classes = "govuk-radios--small" + (" govuk-radios--inline" if inline else "")
        return draw(
            "radios",
            {
                **self._field(name, more, legend, legend=True),
                "items": choices_of(items),
                "value": value_of(value),
                "classes": classes,
            },
        )

    def checkboxes(
        self, name: str, legend: str, items: Iterable[Choice], *, values: Iterable[object] = (), **more: object
    ) -> Markup:
        """Choose any: pairs of value and text, or mappings with hint, conditional."""
        own: Params = {
            "items": choices_of(items),
            "values": [value_of(value) for value in values],
            "classes": "govuk-checkboxes--small",
        }
        return draw("checkboxes", {**self._field(name, more, legend, legend=True), **own})

    def checkbox(self, name: str, text: str, *, checked: bool = False, value: str = "yes", **more: object) -> Markup:
        """Ask for one yes: a single box whose own text is the question; the hint stands beneath that."""
        hint = more.pop("hint", None)
        field = self._field(name, more, text)
        own: Params = {
            "items": choices_of([{"value": value, "text": text, "hint": hint} if hint else (value, text)]),
            "values": [value] if checked else [],
            "idPrefix": field["id"],
        }
        return draw("checkboxes", {**field, **own, "label": None, "classes": "govuk-checkboxes--small"})

    def select(self, name: str, label: str, items: Iterable[Choice], *, value: object = None, **more: object) -> Markup:
        """Choose one of many known words; radios are better up to ten."""
        options = [{**item, "text": item.get("text", item.get("html"))} for item in choices_of(items)]
        return draw("select", {**self._field(name, more, label), "items": options, "value": value_of(value)})

    def date_input(self, name: str, legend: str, *, value: Sequence[object] = ("", "", ""), **more: object) -> Markup:
        """Ask for a known date in fields name_day, name_month, name_year; value is (day, month, year) as typed."""
        error = " govuk-input--error" if more.get("error") else ""
        parts = (("day", self._("Day"), "2"), ("month", self._("Month"), "2"), ("year", self._("Year"), "4"))
        items = [
            {
                "name": f"{name}_{part}",
                "id": name if part == "day" else f"{name}-{part}",
                "label": label,
                "value": value_of(typed),
                "classes": f"govuk-input--width-{width}{error}",
            }
            for (part, label, width), typed in zip(parts, value, strict=True)
        ]
        field = self._field(name, more, legend, legend=True)
        return draw("date-input", {**field, "id": f"{field['id']}-date", "items": items})

    def file_upload(self, name: str, label: str, *, multiple: bool = False, accept: str = "", **more: object) -> Markup:
        """Plain, because the scripted drop zone's name does not match its label (axe)."""
        attributes: Params = {"accept": accept} if accept else {}
        return draw(
            "file-upload",
            {**self._field(name, more, label), "multiple": multiple, "classes": "file", "attributes": attributes},
        )

    def fieldset(self, legend: str, *, size: str = "m", caller: Body) -> Markup:
        """Group fields: {% call govuk.fieldset(_("Address")) %}…{% endcall %}."""
        return draw(
            "fieldset", {"legend": text_of(legend, classes=f"govuk-fieldset__legend--{size}"), "html": inside(caller)}
        )
