"""Rounds as YAML. Numbers stay exact, times carry their offset, and every complaint names its line."""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import yaml
from pydantic import ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from challenge.http.messages import message_of
from challenge.kernel.errors import Invalid, Problem
from challenge.kernel.i18n import Text, _, _n
from challenge.rounds.schemas import RoundDocument

LARGEST = 200_000
HEAD = "# A round of the City Challenge service. A time without an offset is one of the zone below.\n"


class _Writer(yaml.SafeDumper):
    """Quotes whatever another reader could take for something else."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _write_text(writer: yaml.SafeDumper, value: str) -> ScalarNode:
    if any(mark != "\n" and not mark.isprintable() for mark in value):
        style: str | None = '"'  # yaml folds the rarer line ends (U+0085, U+2028) in any other style
    else:
        style = "|" if "\n" in value else None
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _write_number(writer: yaml.SafeDumper, value: Decimal) -> ScalarNode:
    text = format(value, "f")
    if "." not in text:
        return writer.represent_scalar("tag:yaml.org,2002:int", text)
    return writer.represent_scalar("tag:yaml.org,2002:float", text)


_Writer.add_representer(str, _write_text)
_Writer.add_representer(Decimal, _write_number)


class _Reader(yaml.SafeLoader):
    """Reads less than YAML allows: no aliases, no keys twice, ``NO`` is a country, times stay texts."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 -- as in yaml

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # yaml's stubs leave it out
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise yaml.constructor.ConstructorError(None, None, "anchor", event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        seen = set()
        for key, _value in node.value:
            if not isinstance(key, ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "key", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, "twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _read_decimal(reader: yaml.SafeLoader, node: Node) -> Decimal:
    return Decimal(str(reader.construct_scalar(node)))  # type: ignore[arg-type]  # a float is a scalar


_Reader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|True|TRUE|false|False|FALSE)$"), "tTfF")
_Reader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Reader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(0|[1-9][0-9]*)$"), "-+0123456789")
_Reader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+\.[0-9]*$"), "-+0123456789")
_Reader.add_constructor("tag:yaml.org,2002:float", _read_decimal)


def write(document: RoundDocument) -> str:
    """The document as YAML."""
    plain = _plain(document.model_dump(), ZoneInfo(document.zone))
    return HEAD + yaml.dump(plain, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=110)


def _plain(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, dict):
        return {_plain(key, zone): _plain(entry, zone) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry, zone) for entry in value]
    if isinstance(value, set):
        return sorted(_plain(entry, zone) for entry in value)
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        return local.isoformat(timespec="auto" if local.second or local.microsecond else "minutes")
    if isinstance(value, Enum):
        return str(value.value)
    return str(value) if isinstance(value, Fraction) else value


def read(text: str) -> RoundDocument:
    """The document of this YAML. Raises Invalid, whose fields say what is wrong at which line."""
    if len(text) > LARGEST:
        raise _unreadable(_("The document is too long."))
    node, data = _parsed(text)
    if not isinstance(node, MappingNode) or not isinstance(data, dict):
        raise _unreadable(_("A document begins with keys such as “title:”."))
    zone = data.get("zone")
    context = {"zone": zone if zone in available_timezones() else "Europe/Tallinn"}
    try:
        return RoundDocument.model_validate(data, context=context)
    except ValidationError as error:
        fields = {}
        for found in error.errors(include_url=False):
            path = [str(part) for part in found["loc"] if part != "[key]"]
            where, line = ".".join(path) or "document", _line_of(node, path)
            fields[where] = _(
                "Line %(line)s, %(where)s: %(what)s", line=line, where=where, what=message_of(found, None)
            )
        raise Invalid(
            Problem(
                "document",
                _n("One place in the document needs you.", "%(n)s places in the document need you.", len(fields)),
                fields,
            )
        ) from error


def _parsed(text: str) -> tuple[Node | None, Any]:
    try:
        reader = _Reader(text)
        try:
            node = reader.get_single_node()
            return node, reader.construct_document(node) if node is not None else None
        finally:
            reader.dispose()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _unreadable(SAYS.get(str(error.problem), NOT_YAML), line) from error
    except (yaml.YAMLError, ValueError, ArithmeticError, TypeError, RecursionError) as error:
        raise _unreadable(NOT_YAML) from error


NOT_YAML = _("This is not YAML. Look at the indents, colons and quotes here and just above.")
SAYS = {
    "anchor": _("Anchors and aliases (& and *) are not read here. Write it out."),
    "key": _("A key is one word here."),
    "twice": _("This key stands twice. Keep one."),
}


def _unreadable(text: Text, line: int | None = None) -> Invalid:
    if line is not None:
        text = _("Line %(line)s: %(what)s", line=line, what=text)
    return Invalid(Problem("document", text, {"document": text}))


def _line_of(node: Node, path: list[str]) -> int:
    """The line of a value, or of the nearest thing around it that is there."""
    line = node.start_mark.line
    for part in path:
        if isinstance(node, MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == part), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, SequenceNode) and part.isdigit() and int(part) < len(node.value):
            node = node.value[int(part)]
            line = node.start_mark.line
        else:
            break
    return int(line) + 1
