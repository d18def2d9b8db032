"""Where both databases would only repeat each other: what is tested is a page, a form, a file."""

import pytest

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
