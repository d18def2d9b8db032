import math
import unicodedata
from collections import Counter

import numpy as np
import pytest

from challenge.optimise.similarity import Hit, index
from challenge.optimise.words import language, stem, words

CHALLENGES = [
    "Suplusvee kvaliteet linna randades: andurid ja tehisaru, mis hoiatavad reostuse eest.",
    "Liiklusmüra kesklinnas ja selle mõju elanike tervisele.",
    "Keskkonnasõbralik tänavavalgustus väikelinnades, mis säästab energiat.",
    "Bathing water quality: sensors and machine learning warn of pollution at city beaches.",
    "Heat networks and energy renovation of apartment buildings.",
    "Jalgrattateede talvine hooldus ja ratturite ohutus.",
]


def by_hand(texts, question):
    """The same numbers from dictionaries."""

    held = [{stem(word) for word in words(text)} for text in texts]

    def vector(text):
        counts = Counter(stem(word) for word in words(text))
        having = {term: sum(term in terms for terms in held) for term in counts}
        weights = {t: (1 + math.log(c)) * math.log((1 + len(texts)) / max(having[t], 1)) for t, c in counts.items()}
        length = math.sqrt(sum(w * w for w in weights.values()))
        return {term: weight / length for term, weight in weights.items()}

    asked = vector(question)
    return [sum(asked.get(term, 0) * weight for term, weight in vector(text).items()) for text in texts]


def random_texts(count, seed=0):
    g = np.random.default_rng(seed)
    vocabulary = np.array([f"{a}{b}{c}ngk" for a in "bdfgklmn" for b in "aeiu" for c in "prstv"])
    share = 1 / np.arange(1, len(vocabulary) + 1)
    return [" ".join(g.choice(vocabulary, g.integers(5, 40), p=share / share.sum())) for _ in range(count)]


@pytest.mark.parametrize("count", [1, 2, 5, 60])
def test_numbers_are_those_of_the_formula(count):
    texts = random_texts(count)
    made = index(texts)

    for question in [*texts[:3], "bapngk never-seen DAPNGK bapngk"]:
        assert made.similarities(question) == pytest.approx(by_hand(texts, question), abs=1e-5)


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Merevee reostus ja andurid supelrandades; suplusvesi", 0),
        ("müra liikluses kesklinna elanikele", 1),
        ("energia säästmine, tänavavalgustuse uuendamine", 2),
        ("sensor for polluted waters at the beach", 3),
        ("renovating buildings to save energy", 4),
        ("ratturitele ohutud jalgrattateed", 5),
    ],
)
def test_questions_find_their_text_in_whatever_endings(question, best):
    hits = index(CHALLENGES).query(question)

    assert hits[0].document == best
    assert [hit.similarity for hit in hits] == sorted((hit.similarity for hit in hits), reverse=True)


@pytest.mark.parametrize(
    "forms",
    [
        "linn linna linnas linnad linnade linnadega LINN",
        "tänav tänava tänavad tänavate tänavatele",
        "kool kooli koolis koolid koolide",
        "liiklus liikluse liiklust liikluses",
        "energia energiat energiaga",
        "house houses",
        "network networks networking",
        "street streets",
    ],
)
def test_forms_of_a_word_are_one_term(forms):
    assert len({stem(word) for word in words(forms)}) == 1


def test_words_that_mean_something_else_stay_apart():
    apart = "linn lind lint kool kole tee teadus water waste city civil energy engine 5g 2026 2027"

    assert len({stem(word) for word in words(apart)}) == len(apart.split())


def test_words_are_found_in_any_script_and_however_letters_are_composed():
    assert words("Jõgi-äär, ŠOKOLAAD; 5G_võrk (Straße) Тарту a") == [
        "jõgi", "äär", "šokolaad", "5g", "võrk", "strasse", "тарту",
    ]  # fmt: skip
    assert words(unicodedata.normalize("NFD", "Jõgi äär")) == ["jõgi", "äär"]


def test_a_text_is_wholly_like_itself_and_not_at_all_like_strangers():
    made = index(CHALLENGES)

    for number, text in enumerate(CHALLENGES):
        assert made.similarities(text)[number] == pytest.approx(1, abs=1e-6)
    assert made.similarities("xylophone quartet").tolist() == [0] * 6
    assert made.query("xylophone quartet") == ()


def test_what_the_index_does_not_know_makes_a_question_less_like():
    made = index(CHALLENGES)

    assert made.similarities("bathing water")[3] > made.similarities("bathing water xylophone quartet")[3] > 0


def test_likeness_goes_both_ways():
    made = index(CHALLENGES)
    matrix = made.matrix(CHALLENGES)

    assert matrix.shape == (6, 6)
    assert matrix == pytest.approx(matrix.T, abs=1e-6)


def test_only_as_many_as_asked_for_and_equals_in_their_order():
    made = index(["park", "kool ja park", "park", "park"])

    assert made.query("park", most=2) == (Hit(0, 1.0), Hit(2, 1.0))
    assert len(made.query("park", most=99)) == 4
    assert made.query("park", most=0) == ()


@pytest.mark.parametrize("texts", [[], [""], ["", "!?"]])
def test_texts_without_words_are_like_nothing(texts):
    made = index(texts)

    assert made.similarities("linn").tolist() == [0] * len(texts)
    assert (made.query("linn"), made.query("")) == ((), ())
    assert made.matrix([]).shape == (0, len(texts))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The noise of the traffic is measured with sensors in all the streets of the city.", "en"),
        ("Liiklusmüra on see, mis häirib ka neid, kes ei ela tänava ääres ja kui aken on kinni.", "et"),
        ("Tartu Fingal sensors", ""),
        ("The noise of the city and the sea. Ja see, mis on ka siis, kui oma aken on kinni, ning kes ei maga.", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_text_is_told_by_its_commonest_words(text, expected):
    assert language(text) == expected
