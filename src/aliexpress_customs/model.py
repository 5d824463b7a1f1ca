"""What all public models share: frozen pydantic v2, strict names, lossless JSON."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Id = Annotated[str, StringConstraints(max_length=128)]
"""Identifiers are text: 17-digit SKU ids do not survive a float, Excel keeps 15 digits."""

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""

RegionCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]
"""ISO 3166-2."""

HsCode = Annotated[str, StringConstraints(pattern=r"^\d{4,14}$")]
"""Commodity code: digits only, leading zeros kept, 4 to 14 of them."""

Severity = Literal["info", "warning", "error"]


class Model(BaseModel):
    """Base of every public model."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        ser_json_inf_nan="strings",
        defer_build=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_computed(cls, data: Any) -> Any:
        """Accept our own JSON back: what is computed is computed again, not read."""
        computed = cls.model_computed_fields
        if computed and isinstance(data, dict):
            return {key: value for key, value in data.items() if key not in computed}
        return data


_T = TypeVar("_T", bound=Model)
_new = object.__new__
_SLOTS = ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
"""Where a model keeps what it holds; each is set by its descriptor, past `frozen` and fast."""
_set_values, _set_fields, _set_extra, _set_private = (
    vars(BaseModel)[slot].__set__ for slot in _SLOTS
)


def trusted(model: type[_T], values: dict[str, Any]) -> _T:
    """A model from values that are known to be valid and complete, without validation.

    As `model_construct`, for code that makes a hundred thousand a minute: every field is given, so
    no default has to be looked up.
    """
    made = _new(model)
    _set_values(made, values)
    _set_fields(made, _fields(model))
    _set_extra(made, None)
    _set_private(made, None)
    return made


@cache
def _fields(model: type[Model]) -> set[str]:
    """One set for all instances: they are frozen, and a copy of one copies it."""
    return set(model.model_fields)


class Finding(Model):
    """Something the reader of a result must know: an assumption, a gap, a contradiction."""

    code: str
    """Stable machine name, such as `origin_assumed`."""
    message: str
    """What is the case, in one sentence, without personal data."""
    action: str = ""
    """What to do about it."""
    path: str = ""
    """Where: `orders[0].lines[2]`, a rule id, a field."""
    severity: Severity = "warning"
