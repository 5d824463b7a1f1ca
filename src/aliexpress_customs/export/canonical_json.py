"""`json`: every model of this library without loss, and its published JSON Schema.

For integrators who store declarations or hand them to another program. Amounts are text such as
`"3.20 USD"`, weights are decimal text, ids are text; computed sums are included for the reader and
computed again when read back.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError, ReadError
from aliexpress_customs.export.files import write_path
from aliexpress_customs.model import Model

NAME: Final = "json"
SUMMARY: Final = (
    "Lossless JSON of any model of this library, to store or to hand to another program."
)
MEDIA_TYPE: Final = "application/json"
ACCEPTS: Final = Model

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
AnyModel = TypeVar("AnyModel", bound=Model)


def write(thing: Model, *, indent: int | None = 2) -> bytes:
    """The JSON of a model.

    Args:
        thing: a `Declaration`, `Invoice`, `Consignment`, ...
        indent: blanks per level; None = all on one line, as JSON Lines needs it.

    Raises:
        ExportError: a text holds half of a character (a lone surrogate), which UTF-8 cannot hold.
    """
    try:
        return thing.model_dump_json(indent=indent).encode("utf-8") + b"\n"
    except (PydanticSerializationError, UnicodeEncodeError) as error:
        raise ExportError(
            "A text holds half of a character (a lone surrogate).",
            code="not_unicode",
            action="Clean the titles and names when reading them.",
        ) from error


def read_back(content: str | bytes, model: type[AnyModel]) -> AnyModel:
    """A model from the JSON that `write` made of it, identical.

    Args:
        content: the JSON.
        model: class to read, such as `Declaration`.

    Raises:
        ReadError: no JSON, or not of this model.
    """
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        # The cause is dropped: its text repeats the input, which may be personal data.
        raise ReadError(
            f"This is not the JSON of a {model.__name__}: {first['msg']}.",
            path=".".join(str(part) for part in first["loc"]),
            action='Pass JSON that the format "json" wrote.',
        ) from None


def json_schema(model: type[Model] = Declaration) -> dict[str, Any]:
    """JSON Schema (2020-12) of what `write` makes of a model, computed sums included."""
    schema = model.model_json_schema(mode="serialization")
    return {"$schema": _DIALECT, **schema}


def write_json_schema(target: str | Path, model: type[Model] = Declaration) -> Path:
    """Publish the JSON Schema of a model as a file."""
    text = json.dumps(json_schema(model), indent=2, sort_keys=True, ensure_ascii=False)
    return write_path(Path(target), f"{text}\n".encode())
