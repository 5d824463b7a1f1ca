"""Options of an export format as one model: named once, checked once, listed by the registry.

The formats for customs authorities have many options, and several formats share most of them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError, UsageError
from aliexpress_customs.export.xml_text import cut
from aliexpress_customs.model import Finding, Model

ID_LENGTH: Final = 17
"""Of an EORI or tax number and a customs office, EU and UK."""

Options = TypeVar("Options", bound=Model)
Result = TypeVar("Result")


def with_options(
    model: type[Options],
) -> Callable[[Callable[[Declaration, Options], Result]], Callable[..., Result]]:
    """Turn a function `(declaration, options)` into `(declaration, *, option=...)`.

    Args:
        model: its fields become the keyword arguments.
    """

    def decorate(function: Callable[[Declaration, Options], Result]) -> Callable[..., Result]:
        @wraps(function)
        def with_keywords(declaration: Declaration, **given: Any) -> Result:
            return function(declaration, checked(model, given))

        parameters = [
            inspect.Parameter("declaration", inspect.Parameter.POSITIONAL_OR_KEYWORD),
            *(
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=field.default)
                for name, field in model.model_fields.items()
            ),
        ]
        with_keywords.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return with_keywords

    return decorate


def checked(model: type[Options], given: dict[str, Any]) -> Options:
    """The options as their model.

    Raises:
        UsageError: an unknown option or a value it cannot have.
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        # The cause is dropped: its text repeats the input, which may be personal data.
        raise UsageError(
            f"An option is not valid: {first['msg']}.",
            code="bad_option",
            path=".".join(str(part) for part in first["loc"]),
            action=f"The options are: {', '.join(model.model_fields)}.",
        ) from None


def required(value: str, option: str, meaning: str, length: int = ID_LENGTH) -> str:
    """The value of an option that the format cannot do without.

    Args:
        value: as given.
        option: its name.
        meaning: what it is, for the error.
        length: most characters of it.

    Raises:
        ExportError: it is empty (the code is `<option>_missing`) or too long.
    """
    if not cut(value):
        raise ExportError(
            f"The {meaning} is missing.",
            code=f"{option}_missing",
            path=option,
            action=f"Pass {option}=...; only the declarant knows it.",
        )
    return limited(value, option, length)


def limited(value: str, option: str, length: int = ID_LENGTH) -> str:
    """An identifier, which must not be cut: that would be another one.

    Raises:
        ExportError: it is longer than the message takes.
    """
    clean = cut(value)
    if len(clean) > length:
        raise ExportError(
            f"An identifier is longer than the {length} characters that the message takes.",
            code="identifier_too_long",
            path=option,
            action="Check the number, or shorten it if it is your own.",
        )
    return clean


def refuse_errors(found: Iterable[Finding]) -> None:
    """Stop at what the authority would reject.

    Raises:
        ExportError: the first finding that is an error.
    """
    for finding in found:
        if finding.severity == "error":
            raise ExportError(
                finding.message,
                code=finding.code,
                path=finding.path,
                action=finding.action or 'Correct it, or pass checks="skip".',
            )
