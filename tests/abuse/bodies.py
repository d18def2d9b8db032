"""A right body for every writing route of the API, made of the API's own document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

WORDS = {"date": "2027-05-03", "date-time": "2031-01-01T12:00:00Z", "email": "somebody@example.org"}


def writing(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], set[str]]]:
    """(method, path, body, names it may have) of every route that takes JSON (of a form only its file is read)."""
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            kind = operation.get("requestBody", {"content": {}})["content"].get("application/json")
            if kind is not None:
                schema = resolved(kind["schema"], schemas)
                yield method.upper(), path, sample(schema, schemas), set(schema["properties"])


def resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself: what it points to, or the first of several it may be."""
    while "$ref" in schema or "anyOf" in schema:
        schema = schema["anyOf"][0] if "anyOf" in schema else schemas[schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def sample(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """What the schema demands and no more."""
    schema = resolved(schema, schemas)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if schema.get("type") == "object":
        required = schema.get("required", [])
        return {name: sample(schema["properties"][name], schemas) for name in required}
    if schema.get("type") == "array":
        return [sample(schema["items"], schemas)] * schema.get("minItems", 0)
    if schema.get("type") in {"integer", "number"}:
        return schema.get("minimum", 1)
    if schema.get("type") == "boolean":
        return False
    return WORDS.get(schema.get("format", ""), "x" * max(4, schema.get("minLength", 0)))
