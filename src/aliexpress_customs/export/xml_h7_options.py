"""What only the declarant of an H7 knows, and the codes and limits it depends on.

Codes and limits are rows of `data/export/h7.toml`; `export.xml_h7` fills the data set with them.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from pydantic import Field

from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import ExportError
from aliexpress_customs.invoice.model import Address
from aliexpress_customs.model import Model

VatRoute = Literal["ioss", "special_arrangements", "standard", "gift"]


class H7Options(Model):
    """What a declaration does not know: the declarant's own data."""

    lrn: str = ""
    """Local reference number, the declarant's own; required."""
    declarant_id: str = ""
    """EORI of the declarant; required."""
    customs_office: str = ""
    """Office of lodgement, such as `DK005600`; required."""
    importer_id: str = ""
    """Default: the importer's tax number of the declaration; else see the format."""
    representative_id: str = ""
    """EORI of the representative, if there is one."""
    representative_status: Literal["2", "3"] = "2"
    """2 = direct, 3 = indirect representation."""
    additional_type: Literal["A", "D"] = "A"
    """A = standard, D = before the goods are presented."""
    consignor: Address | None = None
    """Exporter with address; the declaration knows only a name."""
    goods_location: Address | None = None
    """Where the goods are (16 15), by street, city, postcode and country."""
    goods_location_type: Literal["A", "B", "C", "D"] = "D"
    """A = designated, B = authorised, C = approved, D = other place."""
    vat: VatRoute | None = None
    """How VAT is paid; default: `gift` for a gift, `ioss` with an IOSS number, `standard` for a
    business, else `special_arrangements`."""
    on: dt.date | None = None
    """Day of acceptance, which decides the regime; default today."""
    packages: int = Field(default=1, ge=1, le=99_999_999)
    """Packages of the consignment, counted with its first goods item."""
    transport: Literal["post", "air", "express", "house"] = "post"
    """Kind of the transport document that the tracking number is."""
    invoice_document: Literal["N325", "N380", "N935"] = "N380"
    """Kind of supporting document that the invoice number is."""
    checks: Literal["refuse", "skip"] = "refuse"
    """Whether to refuse what customs would reject, see `findings` of the format."""
    limit_rate: Decimal | None = Field(default=None, gt=0)
    """Units of the limit's currency (EUR; DKK in Denmark) for 1 unit of the declared currency."""

    def day(self) -> dt.date:
        """The day the regime is read for."""
        return self.on or dt.date.today()  # noqa: DTZ011 - a calendar day, not an instant


@cache
def tables() -> dict[str, Any]:
    """Codes and limits of H7, `data/export/h7.toml`."""
    return tomllib.loads((data_folder() / "export" / "h7.toml").read_text(encoding="utf-8"))


@cache
def customs_territory() -> frozenset[str]:
    """Countries of the customs territory of the Union."""
    text = (data_folder() / "unions" / "eu.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["territory_countries"])


def regime(on: dt.date) -> dict[str, Any]:
    """The row of additional procedure codes in force on a day.

    Raises:
        ExportError: H7 did not exist yet.
    """
    for row in tables()["regime"]:
        if row["from"] <= on <= row.get("to", dt.date.max):
            return dict(row)
    raise ExportError(
        f"There is no data set H7 on {on}.",
        code="no_regime",
        path="on",
        action="H7 exists since 2021-07-01: pass a later day.",
    )


def vat_route(declaration: Declaration, options: H7Options) -> VatRoute:
    """How VAT is paid, as the option says or as the declaration suggests."""
    if options.vat is not None:
        return options.vat
    if declaration.purpose == "gift" or declaration.contents_type == "gift":
        return "gift"
    if declaration.ioss_number:
        return "ioss"
    return "standard" if declaration.importer == "business" else "special_arrangements"
