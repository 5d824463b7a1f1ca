"""Options, data sets and checks of a declaration to the UK Customs Declaration Service.

The data sets are rows of `data/export/cds.toml`; `export.cds` writes them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from pydantic import Field

from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError
from aliexpress_customs.export.xml_h7_rules import IOSS_SHAPE, over_limit
from aliexpress_customs.invoice.model import Address
from aliexpress_customs.model import Finding, Model, Severity

DataSet = Literal["H1", "BIRDS", "SRDS"]

TARIFF_DIGITS = 8
"""Of the commodity code (6/14); the TARIC code (6/15) is the next two."""
TARIC_DIGITS = 10
RELIEF_DIGITS = 6
"""Fewest that the super-reduced data set takes."""


class CdsOptions(Model):
    """What a declaration does not know: the declarant's own data."""

    dataset: DataSet | None = None
    """Default: `SRDS` for Northern Ireland, else `H1`."""
    lrn: str = ""
    """Local reference number, the declarant's own; required."""
    declarant_id: str = ""
    """EORI of the declarant; required."""
    goods_location: str = ""
    """Where the goods are, such as `LGWLGWLGW` (5/23); required."""
    importer_id: str = ""
    """EORI of the importer; default: name and address of the recipient."""
    additional_type: str = ""
    """A = arrived, D = not yet; BIRDS: J and K. Default: arrived."""
    representation: Literal["", "2", "3"] = ""
    """2 = direct, 3 = indirect representation; empty: the importer declares himself."""
    exporter: Address | None = None
    """With name and whole address; required but for BIRDS, where it is `00200` (various)."""
    seller: Address | None = None
    """Default: the exporter."""
    previous_document_id: str = ""
    """Default: the tracking number."""
    transport: Literal["sea", "road", "air", "express", "post"] = "post"
    """Mode at the border."""
    transport_id: str = ""
    """Identity of the means of transport on arrival, such as a flight (7/9)."""
    transport_id_type: str = "40"
    """Kind of that identity; 40 = flight number."""
    container_id: str = ""
    """Empty: not in a container."""
    packages: int = Field(default=1, ge=1, le=99_999_999)
    """Packages of the consignment, counted with its first goods item."""
    package_type: str = "PK"
    """UN/ECE Recommendation 21; PK = package."""
    marks: str = ""
    """Shipping marks; default: the tracking number."""
    trade_location: str = ""
    """Place of the incoterm, such as `GBLGW`."""
    deferment_account: str = ""
    """Number of a deferment account; adds its authorisations and guarantee waiver (H1)."""
    authorisation_holder: str = ""
    """EORI that holds the authorisation; default: the importer's, else the declarant's."""
    birds_authorisation: str = ""
    """Reference of the authorisation document, `GBBIRDS...`; required for BIRDS."""
    supervising_office: str = ""
    """Such as `GBSAA001`; required for BIRDS."""
    ucr: str = ""
    """Reference number of the consignment (2/4)."""
    limit_rate: Decimal | None = Field(default=None, gt=0)
    """GBP for 1 unit of the declared currency."""
    checks: Literal["refuse", "skip"] = "refuse"
    """Whether to refuse what customs would reject, see `findings`."""


@cache
def tables() -> dict[str, Any]:
    """Data sets and codes, `data/export/cds.toml`."""
    return tomllib.loads((data_folder() / "export" / "cds.toml").read_text(encoding="utf-8"))


def data_set(declaration: Declaration, options: CdsOptions) -> dict[str, Any]:
    """The row of the data set, as the option or the destination says."""
    name = options.dataset or ("SRDS" if to_northern_ireland(declaration) else "H1")
    return next(dict(row) for row in tables()["dataset"] if row["name"] == name)


def to_northern_ireland(declaration: Declaration) -> bool:
    """Whether region or postcode is Northern Ireland's."""
    codes = tables()["codes"]
    address = declaration.recipient
    postcode = declaration.postcode or (address.postcode if address else "")
    return declaration.destination_region in codes["northern_ireland"] or (
        declaration.destination_country == "GB"
        and postcode.strip().upper().startswith(codes["northern_ireland_postcode"])
    )


def is_gift(declaration: Declaration) -> bool:
    """From one private person to another."""
    return declaration.purpose == "gift" or declaration.contents_type == "gift"


def additional_procedures(declaration: Declaration, row: dict[str, Any]) -> tuple[str, ...]:
    """The additional procedure codes (1/11) of every goods item.

    Raises:
        ExportError: a gift in a data set that has none.
    """
    if is_gift(declaration):
        if "gift" not in row:
            raise ExportError(
                f"A gift cannot be declared with {row['name']}.",
                code="gift_not_in_dataset",
                path="purpose",
                action="Ask HMRC which data set applies; SRDS takes gifts to Northern Ireland.",
            )
        return tuple(row["gift"])
    codes = row["ioss"] if uses_ioss(declaration, row) else row["sale"]
    return (*codes, *_special(declaration, row).get("procedures", ()))


def declaration_type(declaration: Declaration, row: dict[str, Any]) -> str:
    """The declaration type (1/1): IM, or CO from territories outside the fiscal one."""
    return str(_special(declaration, row).get("declaration_type", row["declaration_type"]))


def fiscal_reference(declaration: Declaration, row: dict[str, Any]) -> tuple[str, str] | None:
    """Number and role (3/40): the vendor under IOSS, or the business that owes the VAT."""
    codes = tables()["codes"]
    if uses_ioss(declaration, row):
        return declaration.ioss_number, codes["ioss_role"]
    if "customer_vat" in row["groups"] and declaration.importer == "business":
        return declaration.importer_tax_id, codes["customer_role"]
    return None


def _special(declaration: Declaration, row: dict[str, Any]) -> dict[str, Any]:
    special: dict[str, Any] = row.get("special", {})
    return special if declaration.dispatch_country in special.get("countries", ()) else {}


def uses_ioss(declaration: Declaration, row: dict[str, Any]) -> bool:
    """Whether the IOSS number is stated."""
    return "ioss" in row and bool(declaration.ioss_number.strip()) and not is_gift(declaration)


def cds_findings(declaration: Declaration, options: CdsOptions) -> tuple[Finding, ...]:
    """What HMRC would reject although the XSD allows it, and what to look at."""
    row = data_set(declaration, options)
    return (*_whole(declaration, options, row), *_items(declaration, row))


def _whole(declaration: Declaration, options: CdsOptions, row: dict[str, Any]) -> Iterator[Finding]:
    limits = tables()["limits"]
    kind = "gift" if is_gift(declaration) else "sale"
    yield from over_limit(
        declaration,
        options.limit_rate,
        limits["currency"],
        Decimal(limits[kind]),
        f"{kind}s ({row['name']})",
    )
    northern = to_northern_ireland(declaration)
    if declaration.destination_country != "GB":
        yield _finding("not_to_uk", "The destination is not the United Kingdom.")
    elif northern != (row["name"] == "SRDS"):
        where = "Northern Ireland" if northern else "Great Britain"
        yield _finding("wrong_dataset", f"{row['name']} is not for parcels to {where}.")
    if row["name"] == "SRDS":
        message = "Whether the end of the EU relief (1 July 2026) reaches C07 here was not found."
        yield _finding("relief_unsourced", message, "dataset", "warning")
    if uses_ioss(declaration, row) and not IOSS_SHAPE.fullmatch(declaration.ioss_number.strip()):
        message = "The IOSS number is not IM and ten digits."
        yield _finding("bad_ioss_number", message, "ioss_number")
    if "freight" not in row["groups"] and declaration.freight:
        message = "The freight is not in this data set: the values are those of the goods."
        yield _finding("freight_left_out", message, "freight", "warning")


def _items(declaration: Declaration, row: dict[str, Any]) -> Iterator[Finding]:
    excise = tuple(tables()["codes"]["excise"])
    for index, item in enumerate(declaration.items):
        code = item.hs_code or ""
        path = f"items[{index}]"
        if code.startswith(excise):
            message = f"Goods of heading {code[:4]} are outside the low-value relief."
            yield _finding("excise_goods", message, f"{path}.hs_code")
        if row["name"] == "H1" and len(code) < TARIC_DIGITS:
            message = "The commodity code has fewer than ten digits."
            yield _finding("commodity_code_short", message, f"{path}.hs_code")
        if "net_mass" in row["groups"] and not item.net_weight_kg:
            message = "The net mass of a goods item is not known."
            yield _finding("net_weight_missing", message, f"{path}.lines")


def _finding(
    code: str, message: str, path: str = "destination_country", severity: Severity = "error"
) -> Finding:
    action = 'Correct it, choose another dataset, or pass checks="skip".'
    return Finding(code=code, message=message, path=path, action=action, severity=severity)
