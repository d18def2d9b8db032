"""What scripts/cities.py knows beside GeoNames: bounds, lists and names, each place by its GeoNames id and its name."""

from pathlib import Path

TABLES = Path(__file__).resolve().parent / "cities"


def table(name: str) -> str:
    """A table kept by hand, from its text file."""
    return (TABLES / f"{name}.txt").read_text(encoding="utf-8")


MIN_POPULATION = 50_000
MAX_BYTES = 300_000
# Europe with the Canaries, Madeira, Iceland, Tromsø and Cyprus.
LATITUDES = (27.0, 72.0)
LONGITUDES = (-32.0, 45.0)

# GeoNames' continent EU without Russia and Belarus. Estonia, Ireland and Türkiye
# have tables of their own. XK (Kosovo) is a user-assigned code.
COUNTRIES = """
AD AL AT BA BE BG CH CY CZ DE DK ES FI FR GB GR HR HU IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO
RS SE SI SK SM UA XK
"""

ESTONIAN_MUNICIPALITIES = 79
ESTONIAN_COUNTIES = 15
ESTONIAN_TOWNS = frozenset(
    (
        "Haapsalu",
        "Keila",
        "Kohtla-Järve",
        "Loksa",
        "Maardu",
        "Narva",
        "Narva-Jõesuu",
        "Paide",
        "Pärnu",
        "Rakvere",
        "Sillamäe",
        "Tallinn",
        "Tartu",
        "Viljandi",
        "Võru",
    )
)
# Since 2017 these take in rural land or other settlements, so the number GeoNames
# has for the town is not the municipality's. For the other ten it is.
ESTONIAN_TOWNS_WITH_LAND = frozenset(("Haapsalu", "Narva-Jõesuu", "Paide", "Pärnu", "Tartu"))
# county | EHAK code or - | name | GeoNames id of the seat or - | seat [| linn]
ESTONIA = table("estonia")
# The one seat too small for the GeoNames extract.
SEATS_BY_HAND = {"Jõelähtme": (59.443, 25.141)}

# Russian names in everyday use, and the Finnish one of the capital.
ESTONIAN_ALTERNATES = {
    "Kohtla-Järve": ["Кохтла-Ярве"],
    "Maardu": ["Маарду"],
    "Narva": ["Нарва"],
    "Narva-Jõesuu": ["Нарва-Йыэсуу"],
    "Pärnu": ["Пярну"],
    "Sillamäe": ["Силламяэ"],
    "Tallinn": ["Tallinna linn", "Tallinna", "Таллинн", "Таллин"],
    "Tartu": ["Тарту"],
}

IRISH_AUTHORITIES = 31
# The Irish local authorities: name | kind | GeoNames id of the seat | seat (as
# GeoNames spells it) | other names. Limerick and Waterford are joint city and county
# councils.
IRELAND = table("ireland")
# City councils for which GeoNames' number for the place is the council's.
IRISH_CITY_IS_PLACE = frozenset(("Cork", "Galway"))

# A country without a city of 50,000 is represented by its capital.
CAPITALS = """
AD: 3041563 Andorra la Vella
LI: 3042030 Vaduz
MC: 2993458 Monaco
MT: 2562305 Valletta
SM: 3168070 San Marino
"""

# Türkiye in Europe: GeoNames counts the whole country to Asia, and nothing in the
# extract tells the districts of Istanbul from towns. So a list.
TURKIYE = """
TR: 745044 Istanbul; 738927 Tekirdağ; 741855 Lüleburgaz; 743166 Kırklareli;
    747712 Edirne; 748893 Çorlu; 749274 Çerkezköy
"""

# Municipalities of about 50,000 or more whose main place is smaller in GeoNames: a
# hand-made list, nearer countries first, not complete. Their population is null.
LARGER_THAN_THEIR_PLACE = table("larger_than_their_place")

# GeoNames' number is plainly not the municipality's (an urban area, a region, a
# historic centre, stale): better no number than a wrong one.
POPULATION_UNSURE = table("population_unsure")

# Left out although GeoNames gives them 50,000 inhabitants: city districts, localities
# of Greater London, parts and parishes of a municipality, groupings of towns, hamlets
# with an impossible number. The municipalities of the Brussels region and of greater
# Athens have councils of their own and stay in.
NOT_MUNICIPALITIES = table("not_municipalities")

# A correction of the spelling, or the municipality's own name where GeoNames has that
# of its main place.
NAMES = {
    707688: "Chornomorsk",
    2624652: "Aarhus",
    2650096: "Ellesmere Port",
    2745673: "Velsen",
    2753801: "Haarlemmermeer",
    2759879: "Almere",
    2867838: "Mülheim an der Ruhr",
    2873759: "Marburg",
    2896817: "Ibbenbüren",
    2911007: "Hanau",
    2917788: "Greifswald",
    2937959: "Dessau-Roßlau",
    3019256: "Évry-Courcouronnes",
    3103402: "Bielsko-Biała",
    3104499: "Vitoria-Gasteiz",
    3140128: "Bærum",
    3179337: "Cava de' Tirreni",
}

# Other names that a searcher may type: the local one where GeoNames has an exonym, the
# second language of a bilingual city, a usual Estonian or English form.
ALTERNATES = table("alternates")


def entries(table: str) -> list[tuple[str, str]]:
    """Read "CC: one; two" lines, continued by indented lines, as (CC, one) pairs."""
    found = []
    for line in table.strip().replace("\n    ", " ").splitlines():
        country, _, rest = line.partition(": ")
        found += [(country, item.strip()) for item in rest.split(";")]
    return found
