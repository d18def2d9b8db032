"""A long form as a browser sends it: what it typed, and the hidden fields that say over which texts."""

import re

from challenge.http.saving import BASE
from challenge.kernel.patch import token_of

HIDDEN = re.compile(rf'<input type="hidden" name="((?:{BASE}|sitting)[\w-]*)" value="([^"]*)">')


def hidden(page):
    """The hidden fields of a page's form."""
    return dict(HIDDEN.findall(page))


def over(answers):
    """The same for a page that shows these answers."""
    return {f"{BASE}{name}": token_of(value) for name, value in answers.items()}
