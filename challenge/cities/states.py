"""The words cities are described with: networks and themes everybody may choose; a city may add its own."""

from __future__ import annotations

from challenge.kernel.i18n import Text, _

NETWORKS: dict[str, str] = {  # names of their own, not translated
    "eurocities": "Eurocities",
    "iscn": "International Smart Cities Network (ISCN)",
    "smart_communities": "Smart Communities Network",
    "living_in_eu": "Living-in.EU",
    "mission_cities": "EU Mission: Climate-neutral and Smart Cities",
    "oasc": "Open & Agile Smart Cities",
    "iclei": "ICLEI",
    "covenant_of_mayors": "Covenant of Mayors",
    "energy_cities": "Energy Cities",
    "civitas": "CIVITAS",
    "polis": "Polis",
    "ubc": "Union of the Baltic Cities",
}

THEMES: dict[str, Text] = {  # the keys rounds begin with
    "energy": _("Energy"),
    "mobility": _("Mobility"),
    "circular_economy": _("Circular economy"),
    "city_planning": _("City planning"),
    "city_maintenance": _("City maintenance"),
    "environment": _("Water and environment"),
    "data": _("Data"),
    "governance": _("Governance"),
}

LANGUAGES = (
    "bg", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fi", "fr", "ga", "gl", "hr", "hu", "is",
    "it", "lb", "lt", "lv", "mk", "mt", "nb", "nl", "pl", "pt", "ro", "ru", "se", "sk", "sl", "sq", "sr", "sv", "tr",
    "uk",
)  # fmt: skip
