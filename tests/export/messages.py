"""Files for customs and post, made from declarations for the tests that read them."""

from __future__ import annotations

from typing import Any

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.export import cds, cn23_csv, cn23_xml, export, h7, h7_dms
from aliexpress_customs.export.differences import Difference

from .parcels import parcel
from .test_cds import AGENT, british
from .test_h7 import DECLARANT
from .test_h7_dms import DECLARANT as DANE
from .test_h7_dms import NEW, danish


def as_h7(declaration: Declaration, format_name: str, **options: Any) -> bytes:
    write = {"h7-json": h7.write_json, "h7-csv": h7.write_csv}.get(format_name)
    if write is None:
        return h7_dms.write(declaration, **DANE | {"limit_rate": "6.5", "on": NEW} | options)
    return write(declaration, **DECLARANT | options)


def as_cds(declaration: Declaration, **options: Any) -> bytes:
    return cds.write(declaration, **AGENT | options)


def lrn_of(format_name: str) -> str:
    return str((DANE if format_name == "h7-dms-xml" else DECLARANT)["lrn"])


def grave(found: tuple[Difference, ...]) -> list[str]:
    return [one.path for one in found if one.severity == "error"]


def not_compared(found: tuple[Difference, ...]) -> set[str]:
    """Names of the declared elements that the message does not hold."""
    notes = [one.message for one in found if one.code == "not_compared"]
    if not notes:
        return set()
    paths = notes[0].partition(": ")[2].removesuffix(".").split(", ")
    return {path.rpartition(".")[2] for path in paths}


def other_files() -> dict[str, bytes]:
    return {
        "cds-xml": as_cds(british()),
        "h7-dms-xml": as_h7(danish(), "h7-dms-xml"),
        "cn23-xml": cn23_xml.write(parcel()),
        "h7-json": as_h7(danish(), "h7-json"),
        "h7-csv": as_h7(danish(), "h7-csv"),
        "cn23-csv": cn23_csv.write(parcel()),
        "items-csv": str(export(parcel(), "items-csv")).encode(),
        "json": str(export(parcel(), "json")).encode(),
    }
