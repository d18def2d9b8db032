"""One typed callable per govuk-frontend macro we use: `govuk.input(name, label, …)` in every template.

Words the macros bring along ("Error", "Show password") go through gettext when a component is called, so one object
serves every language.
"""

from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup, escape

from challenge.http.fields import Fields
from challenge.http.macros import Body, Params, draw, either, inside, text_of


class Govuk(Fields):
    """The components, as methods; keyword arguments named in Python's way."""

    # Moving about

    def skip_link(self, href: str = "#main", text: str | None = None) -> Markup:
        """First thing on every page."""
        return draw("skip-link", {"href": href, **(text_of(text or self._("Skip to main content")) or {})})

    def back_link(self, href: str, text: str | None = None) -> Markup:
        """One step back; only on pages of a journey."""
        return draw("back-link", {"href": href, **(text_of(text or self._("Back")) or {})})

    def breadcrumbs(self, items: Iterable[tuple[str, str | None]]) -> Markup:
        """Pairs of text and address; the last may have no address."""
        crumbs = [{**(text_of(text) or {}), "href": href} for text, href in items]
        return draw("breadcrumbs", {"items": crumbs, "labelText": self._("Breadcrumb"), "collapseOnMobile": True})

    def pagination(
        self,
        previous: str | None = None,
        following: str | None = None,
        pages: Iterable[tuple[int | None, str, bool]] = (),
        label: str | None = None,
    ) -> Markup:
        """Addresses before and after; pages are (number or None for a gap, address, is current)."""
        items = [
            {"ellipsis": True}
            if number is None
            else {
                "number": number,
                "href": href,
                "current": current,
                "visuallyHiddenText": self._("Page %(number)s") % {"number": number},
            }
            for number, href, current in pages
        ]
        params: Params = {"landmarkLabel": label or self._("Pages"), "items": items or None}
        if previous:
            params["previous"] = {"href": previous, "text": self._("Previous page")}
        if following:
            params["next"] = {"href": following, "text": self._("Next page")}
        return draw("pagination", params)

    def tabs(self, items: Iterable[tuple[str, str, str]], title: str | None = None) -> Markup:
        """Triples of id, label and content."""
        tabs = [{"id": key, "label": label, "panel": {"html": escape(content)}} for key, label, content in items]
        return draw("tabs", {"items": tabs, "title": title or self._("Contents")})

    # Telling

    def tag(self, text: str, tone: str = "", *, off: bool = False) -> Markup:
        """Name a state: a word in a tone; a hollow dot when not begun or left."""
        classes = "".join(f" tag--{name}" for name in (tone, "off" if off else "") if name and name != "neutral")
        return Markup('<strong class="govuk-tag{}">{}</strong>').format(classes, text)

    def inset_text(self, text: str = "", caller: Body | None = None) -> Markup:
        """Set a paragraph apart."""
        return draw("inset-text", text_of(inside(caller) if caller else text) or {})

    def warning_text(self, text: str) -> Markup:
        """Say what cannot be undone."""
        return draw("warning-text", {**(text_of(text) or {}), "iconFallbackText": self._("Warning")})

    def panel(self, title: str, text: str | None = None) -> Markup:
        """Something was sent in: the receipt's page."""
        return draw("panel", {**either("title", title), **(text_of(text) or {})})

    def details(
        self, summary: str, text: str = "", *, is_open: bool = False, classes: str = "", caller: Body | None = None
    ) -> Markup:
        """More for those who want it."""
        head: Params = {"summaryHtml" if isinstance(summary, Markup) else "summaryText": summary}
        body = text_of(inside(caller) if caller else text) or {}
        return draw("details", {**head, **body, "open": is_open, "classes": classes})

    def notification_banner(
        self,
        text: str = "",
        *,
        tone: str = "",
        title: str | None = None,
        key: str = "notice",
        caller: Body | None = None,
    ) -> Markup:
        """Say what just happened; tone "success" takes the focus. A key per banner when a page has several."""
        is_success = tone == "success"
        head = either("title", title or self._("Done") if is_success else title or self._("Important"))
        body = (
            {"html": inside(caller)}
            if caller
            else {"html": Markup('<p class="govuk-notification-banner__heading">{}</p>').format(text)}
        )
        return draw("notification-banner", {**head, **body, "type": "success" if is_success else None, "titleId": key})

    def error_summary(self, errors: Iterable[tuple[str | None, str]], title: str | None = None) -> Markup:
        """On top of a form that came back: pairs of "#field-id" and what to do."""
        items = [{**(text_of(text) or {}), "href": href} for href, text in errors]
        return draw("error-summary", {**either("title", title or self._("There is a problem")), "errorList": items})

    # Listing

    def summary_list(
        self, rows: Iterable[tuple[str, str, Sequence[tuple[str, str, str]]]], *, classes: str = ""
    ) -> Markup:
        """Rows of key, value and actions; an action is (text, address, what it changes for screen readers)."""
        shown = [
            {
                "key": text_of(key),
                "value": text_of(value),
                "actions": {
                    "items": [
                        {**(text_of(text) or {}), "href": href, "visuallyHiddenText": what}
                        for text, href, what in actions
                    ]
                },
            }
            for key, value, actions in rows
        ]
        return draw("summary-list", {"rows": shown, "classes": classes})

    def task_list(self, items: Iterable[tuple[str, str | None, str, str | None]], *, key: str = "task") -> Markup:
        """Items of title, address or None, status (a text or a tag) and hint; key starts the ids."""
        shown = [
            {"title": text_of(title), "href": href, "status": text_of(status), "hint": text_of(hint)}
            for title, href, status, hint in items
        ]
        return draw("task-list", {"items": shown, "idPrefix": key})

    def table(
        self,
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        caption: str | None = None,
        numeric: Sequence[int] = (),
    ) -> Markup:
        """Write a small table, first cell of a row its heading; long ones are written by hand."""

        def cell(index: int, text: str) -> Params:
            return {**(text_of(text) or {}), "format": "numeric" if index in numeric else ""}

        body = [[cell(index, text) for index, text in enumerate(row)] for row in rows]
        params: Params = {
            "head": [cell(index, text) for index, text in enumerate(head)],
            "rows": body,
            "firstCellIsHeader": True,
        }
        return draw(
            "table", {**params, "caption": caption, "captionClasses": "govuk-table__caption--s", "classes": "dense"}
        )


def components(gettext: Callable[[str], str]) -> dict[str, Callable[..., Markup]]:
    """Every component by name, for templates that want one without the others."""
    govuk = Govuk(gettext)
    return {name: getattr(govuk, name) for name in dir(Govuk) if not name.startswith("_")}
