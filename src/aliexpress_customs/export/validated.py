"""Models from the text of a file: what does not fit is a `ReadError` that repeats no input."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError

from aliexpress_customs.errors import ReadError
from aliexpress_customs.model import Model

AnyModel = TypeVar("AnyModel", bound=Model)


def validated(model: type[AnyModel], values: dict[str, Any], place: str = "") -> AnyModel:
    """The model of some values.

    Args:
        model: class to make.
        values: by field.
        place: where they are in the file, such as `row 2`.

    Raises:
        ReadError: a value does not fit; the path is the place and the field.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        # The cause is dropped: its text repeats the input, which may be personal data.
        raise ReadError(
            f"The value does not fit: {first['msg']}.",
            code="bad_value",
            path=", ".join(filter(None, (place, where))),
            action="Compare it with a file that this library wrote.",
        ) from None
