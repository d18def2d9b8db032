from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field

from challenge.http.forms import Form
from challenge.http.sent import SentBody
from challenge.http.templates import environment
from challenge.kernel.ask import Ask, Euros, Instant, Words
from challenge.kernel.i18n import N_


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Example(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(title=N_("Title"), max_length=20, min_length=1)
    story: Annotated[str, Ask("textarea", missing=N_("Tell the story")), Words(3)] = Field(title=N_("Story"))
    colour: Colour = Field(title=N_("Colour"))
    themes: list[str] = Field(title=N_("Themes"), min_length=1, max_length=2)
    agreed: bool = Field(default=False, title=N_("I agree"))
    price: Annotated[Euros | None, Ask("money")] = Field(default=None, title=N_("Price"), ge=0)
    on: date | None = Field(default=None, title=N_("Day"))
    at: Annotated[Instant | None, Ask("datetime")] = Field(default=None, title=N_("Moment"))


THEMES = {"themes": [("a", "A"), ("b", "B"), ("c", "C")]}
GOOD = {
    "title": ["A title"], "story": ["one two three"], "colour": ["red"], "themes": ["a", "b"], "agreed": ["yes"],
    "price": ["1 234,50"], "on": ["2027-03-31"], "at": ["2027-03-31T17:00"], "version": ["4"],
}  # fmt: skip


def sent(**changes):
    fields = {name: values for name, values in (GOOD | changes).items() if values is not None}
    return Form.sent(Example, SentBody(fields=fields), choices=THEMES, zone="Europe/Tallinn")


def test_what_is_right_becomes_the_model():
    value = sent().value
    assert (value.title, value.colour, value.themes, value.agreed) == ("A title", Colour.RED, ["a", "b"], True)
    assert value.price == 123_450
    assert value.on == date(2027, 3, 31)
    assert value.at == datetime(2027, 3, 31, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "name", "message"),
    [
        ({"title": [""]}, "title", "Fill in: Title"),
        ({"title": None}, "title", "Fill in: Title"),
        ({"title": ["x" * 21]}, "title", "Shorten this to 20 characters"),
        ({"story": ["   "]}, "story", "Tell the story"),
        ({"story": ["a b c d"]}, "story", "Shorten this by one word"),
        ({"story": ["a b c d e"]}, "story", "Shorten this by 2 words"),
        ({"colour": ["green"]}, "colour", "Choose from the list"),
        ({"themes": []}, "themes", "Choose at least one"),
        ({"themes": ["a", "b", "c"]}, "themes", "Choose at most 2"),
        ({"themes": ["z"]}, "themes", "Choose from the list"),
        ({"price": ["ten"]}, "price", "Enter an amount in euros, for example 12,500"),
        ({"price": ["-1"]}, "price", "Enter at least 0"),
        ({"on": ["31.31.2027"]}, "on", "Enter a date, for example 2027-03-31"),
        ({"at": ["2027-03-28T03:30"]}, "at", "The clock skips this time when summer time starts. Choose another"),
        ({"state": ["funded"]}, "state", "This form has no such answer"),
    ],
)
def test_what_is_wrong_says_what_to_do(changes, name, message):
    form = sent(**changes)
    assert not form.valid
    assert [str(text) for text in form.errors[name]] == [message]


def test_everything_typed_is_kept():
    form = sent(story=["far too many words here"], on=["nonsense"])
    assert form.kept["story"] == "far too many words here"
    assert form.kept["on"] == "nonsense"
    assert form.field("story").value == "far too many words here"


def test_an_unticked_box_is_no():
    assert sent(agreed=None).value.agreed is False


def test_every_widget_renders_with_its_error_and_links_from_the_summary(world):
    form = sent(title=[""], story=["a b c d"], colour=["green"], themes=[], price=["x"], on=["x"], at=["x"])
    env = environment()
    template = env.from_string(
        '{% from "parts/form.html" import fields, error_summary %}{{ error_summary(form) }}{{ fields(form) }}'
    )
    html = template.render(form=form)
    for name in form.errors:
        assert f'href="#{name}"' in html
        assert f'id="{name}"' in html
    assert html.count("govuk-error-message") >= 7
    assert 'value="x"' in html
