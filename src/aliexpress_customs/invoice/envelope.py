"""From bytes to the JSON documents inside: plain, JSONP, capture lists and HAR archives.

A browser saves orders wrapped: as JSONP (`mtopjsonp1({...})`), as a list of `{url, status, body}`
with the body a JSON string, or as HAR 1.2 with the text in `log.entries[].response.content`.
Everything hostile (deep nesting, huge numbers, wrong encodings) ends in a `ReadError` here.

>>> [found.value for found in unwrap(parse('mtopjsonp1({"api":"x"});'))]
[{'api': 'x'}]
"""

from __future__ import annotations

import base64
import binascii
import codecs
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, TypeGuard

from aliexpress_customs.errors import ReadError, UnknownFormatError

LARGEST_FILE: Final = 64 * 1024 * 1024
"""Bytes; a year of a busy buyer's orders in one capture has about 5 MB."""
DEEPEST: Final = 200
"""Levels of nesting; real files have about 15."""
MOST_CONTAINERS: Final = 600_000
"""Objects and lists in one file; real files have one per 100 bytes or more."""
MOST_VALUES: Final = 3_000_000
"""Values in one file; real files have one per 20 bytes or more."""
LONGEST_NUMBER: Final = 60
"""Digits of one number; the longest real ones are 17-digit ids."""

_LARGEST_INTEGER: Final = 10**LONGEST_NUMBER
_JSONP: Final = re.compile(r"^\s*(?:/\*\*/)?\s*[\w$.]{1,100}\s*\(")
_MAGIC: Final = (
    (b"\x89PNG", "an image (PNG)", "Save the order's JSON reply or its receipt data instead."),
    (b"\xff\xd8\xff", "an image (JPEG)", "Save the order's JSON reply instead."),
    (b"GIF8", "an image (GIF)", "Save the order's JSON reply instead."),
    (b"%PDF", "a PDF document", "Use its text through a reader for notices, or the order's JSON."),
    (b"PK\x03\x04", "a ZIP archive or spreadsheet", "Unpack it, or export the sheet as CSV."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
)
_MARKUP: Final = re.compile(r"^\s*<(?:!doctype|html|head|body|\?xml|!--|div|script)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON document and where in its file it was."""

    value: object
    path: str = ""
    """Such as `entries[3]`; empty if the file is the document."""
    url: str = ""
    """The request it answers, if an envelope tells."""
    error: ReadError | None = None
    """Why the member of an envelope could not be parsed; its value is then None."""


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 with or without byte-order mark, or UTF-16 with one.

    Raises:
        UnknownFormatError: an image, a PDF, an archive.
        ReadError: too large, or another encoding.
    """
    if len(data) > LARGEST_FILE:
        raise too_large()
    for magic, what, remedy in _MAGIC:
        if data.startswith(magic):
            raise UnknownFormatError(f"The file is {what}, not order data.", action=remedy)
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise ReadError(
            f"The file is not valid {encoding.removesuffix('-sig').upper()} text.",
            code="bad_encoding",
            action="Save it as UTF-8.",
        ) from None


def parse(text: str) -> object:
    """The JSON value of a text; ids stay exact, fractions become Decimal.

    Raises:
        UnknownFormatError: empty, HTML, or no JSON at all.
        ReadError: damaged, too deep, too large, or with NaN or Infinity.
    """
    if len(text) > LARGEST_FILE:
        raise too_large()
    text = text.removeprefix("\ufeff")
    if _MARKUP.match(text[:2000]):
        raise UnknownFormatError(
            "The file is a web page, not order data.",
            action="Save the order's JSON reply (or a HAR archive) from the browser instead.",
        )
    if match := _JSONP.match(text[:2000]):
        end = text.rfind(")")
        text = text[match.end() : end if end > 0 else len(text)]
    if text.lstrip()[:1] not in {"{", "["} or not text.strip():
        raise UnknownFormatError(
            "The content is no JSON object or list.",
            action="Pass an order as JSON: a saved reply, a capture or a HAR archive.",
        )
    if text.count("{") + text.count("[") > MOST_CONTAINERS or text.count(",") > MOST_VALUES:
        raise _too_many()
    try:
        value = json.loads(text, parse_float=_fraction, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise ReadError(
            f"The JSON is damaged or cut off at line {error.lineno}, column {error.colno}.",
            code="bad_json",
            action="Save the file again, completely.",
        ) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:  # more digits than Python turns into an int
        raise _long_number() from None
    check_shape(value)
    return value


def check_shape(value: object) -> None:
    """Refuse values nested too deeply or with too many members; shared ones count each time.

    Raises:
        ReadError: deeper than `DEEPEST`, more members than a file may have, or a huge integer.
    """
    level: list[object] = [value]
    members = containers = depth = 0
    while level:
        depth += 1
        containers += len(level)
        if depth > DEEPEST:
            raise _too_deep()
        nested: list[object] = []
        for container in level:
            children = container.values() if isinstance(container, Mapping) else container
            if not isinstance(children, Collection):
                continue
            members += len(children)
            if members > MOST_VALUES or containers + len(nested) > MOST_CONTAINERS:
                raise _too_many()
            nested += [child for child in children if isinstance(child, dict | list | tuple)]
            if any(type(child) is int and abs(child) > _LARGEST_INTEGER for child in children):
                raise _long_number()
        level = nested


def unwrap(value: object) -> Iterator[Document]:
    """The documents inside a capture list or HAR archive; a plain document is yielded itself.

    Members of an envelope that are no JSON (pictures, scripts) are left out.
    """
    if isinstance(value, Mapping) and isinstance(log := value.get("log"), Mapping):
        entries = log.get("entries")
        if isinstance(entries, list):
            yield from _har(entries)
            return
    if _is_capture(value):
        for index, item in enumerate(value):
            yield from _member(item.get("body"), f"capture[{index}]", str(item.get("url", "")))
        return
    yield Document(value)


def _is_capture(value: object) -> TypeGuard[list[Mapping[str, object]]]:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, Mapping) and "body" in item and "url" in item for item in value)
    )


def _har(entries: list[object]) -> Iterator[Document]:
    for index, entry in enumerate(entries):
        request = _inner(entry, "request")
        content = _inner(_inner(entry, "response"), "content")
        body = content.get("text")
        path = f"entries[{index}]"
        if content.get("encoding") == "base64" and isinstance(body, str):
            try:
                body = decode(base64.b64decode(body, validate=True))
            except (binascii.Error, ValueError, ReadError):
                continue
        yield from _member(body, path, str(request.get("url", "")))


def _inner(value: object, key: str) -> Mapping[str, object]:
    inner = value.get(key) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _member(body: object, path: str, url: str) -> Iterator[Document]:
    """One reply; of a damaged one its error is kept, so that it can be reported."""
    if isinstance(body, Mapping | list):
        yield Document(body, path, url)
    elif isinstance(body, str) and body.strip():
        try:
            yield Document(parse(body), path, url)
        except UnknownFormatError:
            return
        except ReadError as error:
            yield Document(None, path, url, error)


def _fraction(digits: str) -> Decimal:
    if len(digits) > LONGEST_NUMBER:
        raise _long_number()
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise _long_number() from None


def _no_number(name: str) -> object:
    raise ReadError(
        f"The JSON holds {name}, which is no number.",
        code="bad_json",
        action="Fetch the file again from its source.",
    )


def _long_number() -> ReadError:
    return ReadError(
        "The JSON holds a number longer than any amount or id.",
        code="bad_json",
        action="Save the file again; it is damaged.",
    )


def _too_many() -> ReadError:
    return ReadError(
        "The data holds more values than any order file.",
        code="too_large",
        action="Split it into smaller files.",
    )


def _too_deep() -> ReadError:
    return ReadError(
        f"The data is nested deeper than {DEEPEST} levels.",
        code="too_deep",
        action="This is no order file; check where it came from.",
    )


def too_large() -> ReadError:
    """The error for a file above the limit."""
    return ReadError(
        f"The file is larger than {LARGEST_FILE // 1024 // 1024} MiB.",
        code="too_large",
        action="Split it, or export fewer orders at once.",
    )
