"""Records ↔ JSON: what every object is written with, and what checks one that comes from outside.

The dataclasses and the shapes of ``qa.output.shapes`` are the one description of what Dateline
writes: the documents of the API and of the tools are made of them, and what is read back is checked
by them. pydantic does the checking; a checker is made at its first use, and ``dateline ask`` has
none.
"""

import json
import re
import sys
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Shape = TypeVar("Shape")
LONGEST_SHOWN = 40
SHOULD = re.compile(r"^\w+ should ")


class ShapeError(ValueError):
    """An object is not of the shape that it should be; the message is one clause on where and why.

    Whoever reads it says of what file or request that is true, and what to do.
    """


def write_json(value: object, **layout: Any) -> str:  # noqa: ANN401 - options of json.dumps
    """The value as JSON: records as objects with their fields in order, lone surrogates escaped."""
    text = json.dumps(value, ensure_ascii=False, default=record_to_dict, **layout)
    return text.encode("utf-8", "backslashreplace").decode()


def print_json(value: object) -> None:
    """Print the value as JSON."""
    sys.stdout.write(write_json(value, indent=2) + "\n")


def record_to_dict(value: Any) -> object:  # noqa: ANN401 - what JSON does not know
    """A record's fields by name; a path as its text.

    Raises:
        TypeError: it is neither.
    """
    if isinstance(value, Path):
        return str(value)
    return {field.name: getattr(value, field.name) for field in fields(value)}


def as_shape(shape: type[Shape]) -> type[Shape]:
    """The class, after it was told how pydantic shall describe and check it and what it holds."""
    shape.__pydantic_config__ = {  # type: ignore[attr-defined]
        "allow_inf_nan": False,
        "json_schema_serialization_defaults_required": True,
        "use_attribute_docstrings": True,
    }
    return shape


@cache
def make_checker(shape: Any) -> "TypeAdapter[Any]":  # noqa: ANN401 - a class
    """What checks JSON against a shape."""
    from pydantic import TypeAdapter

    return TypeAdapter(shape)


def read_json(shape: type[Shape], text: str | bytes) -> Shape:
    """What JSON holds, checked strictly: no text counts as a number, and no number is infinite.

    Raises:
        ShapeError: it is no JSON, or not of that shape.
    """
    from pydantic import ValidationError

    try:
        checker = make_checker(as_shape(shape))  # type: ignore[arg-type] # a class can be hashed
        source = text.removeprefix(BOM_UTF8) if isinstance(text, bytes) else text
        found: Shape = checker.validate_json(source, strict=True)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        raise ShapeError(describe_problem(problem, problem["loc"])) from error
    return found


def check_shape(shape: type[Shape], value: object) -> Shape:
    """The value that JSON was read as, checked as by ``read_json``.

    Raises:
        ShapeError: it is not of that shape.
    """
    return read_json(shape, write_json(value))


def describe_problem(problem: Mapping[str, Any], place: tuple[int | str, ...]) -> str:
    """What pydantic found wrong at a place, as a clause: ``a[3].score is 'x', but must be …``."""
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    name, message = where.removeprefix(".") or "it", str(problem["msg"])
    if problem["type"] == "missing":
        return f"{name} is missing"
    if problem["type"] == "json_invalid":
        return f"it is not valid JSON ({problem['ctx']['error']})"
    shown = repr(problem["input"])
    shown = shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"
    wanted = SHOULD.sub("must ", message.removeprefix("Value error, "))
    return f"{name} is {shown}, but {wanted[:1].lower()}{wanted[1:]}"
