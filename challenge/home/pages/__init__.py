"""The pages, one module per kind. ``routers`` are flat: a test reads the mark of every route."""

from __future__ import annotations

from challenge.home.pages import front, home, journal, sights, technical, texts

routers = (front.router, home.router, journal.router, sights.router, texts.router, technical.router)
