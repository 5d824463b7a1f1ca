"""What customs refuses about an H7 although its XSD allows it.

Source: Danish DMS business rules for H7 (VR and DK numbers), limits of Regulation (EC) 1186/2009;
the limits and codes are in `data/export/h7.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, Literal

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.export.xml_h7 import H7
from aliexpress_customs.export.xml_h7_options import (
    H7Options,
    customs_territory,
    regime,
    tables,
)
from aliexpress_customs.model import Finding, Severity

Territory = Literal["EU", "DK"]

IOSS_SHAPE: Final = re.compile(r"IM[0-9]{10}")
"""IM, three digits for the member state, six digits, a check digit (VR#138, VR#139)."""

_SPECIAL_CODES: Final = "99"


def h7_findings(
    declaration: Declaration, filled: H7, options: H7Options, territory: Territory
) -> tuple[Finding, ...]:
    """Everything the declarant should know before sending an H7.

    Args:
        declaration: the consignment.
        filled: its data set.
        options: the declarant's data.
        territory: whose limits and rules count: `EU` for what holds everywhere.
    """
    found = [
        *_limit(declaration, filled, options, territory),
        *_codes(filled, options),
        *_ioss(declaration, filled),
        *_gaps(declaration, filled),
    ]
    if territory == "DK":
        found += _danish(filled)
    return tuple(found)


def over_limit(
    declaration: Declaration, rate: Decimal | None, currency: str, limit: Decimal, what: str
) -> Iterator[Finding]:
    """Whether the intrinsic value exceeds a limit, which is itself still within it.

    Args:
        declaration: the consignment.
        rate: units of `currency` for 1 unit of the declared currency.
        currency: of the limit.
        limit: highest value allowed.
        what: what the limit is for.
    """
    if declaration.currency == currency:
        rate = Decimal(1)
    if rate is None:
        yield _finding(
            "limit_not_tested",
            f"Whether the value is within {currency} {limit} for {what} is not tested.",
            "intrinsic_value",
            f"Pass limit_rate, the {currency} for 1 {declaration.currency}.",
            "warning",
        )
    elif declaration.intrinsic_value.amount * rate > limit:
        yield _finding(
            "over_limit",
            f"The intrinsic value is above {currency} {limit}, the limit for {what}.",
            "intrinsic_value",
            "Use a standard declaration (H1).",
        )


def _limit(
    declaration: Declaration, filled: H7, options: H7Options, territory: Territory
) -> Iterator[Finding]:
    row = next(row for row in tables()["limit"] if row["territory"] == territory)
    kind = "gift" if filled.vat == "gift" else "commercial"
    what = "gifts" if kind == "gift" else "low-value consignments"
    yield from over_limit(
        declaration, options.limit_rate, row["currency"], Decimal(row[kind]), f"{what} (H7)"
    )


def _codes(filled: H7, options: H7Options) -> Iterator[Finding]:
    excise = tuple(tables()["codes"]["excise"])
    for index, item in enumerate(filled.items):
        if item.hs_code.startswith(excise):
            yield _finding(
                "excise_goods",
                f"Goods of heading {item.hs_code[:4]} cannot be declared as low value (VR#57).",
                f"items[{index}].hs_code",
                "Use a standard declaration (H1).",
            )
        if filled.ioss_number and item.hs_code.startswith(_SPECIAL_CODES):
            yield _finding(
                "special_code_with_ioss",
                "A code of chapter 99 cannot go with an IOSS number (DK1270).",
                f"items[{index}].hs_code",
                "Declare the code of the goods themselves.",
            )
    if filled.vat in regime(options.day()).get("unsourced", ()):
        yield _finding(
            "procedure_unsourced",
            "No source was seen for the additional procedure of this VAT route after 2026-06-30.",
            "vat",
            "Ask the customs office, or use a standard declaration (H1).",
            "warning",
        )


def _ioss(declaration: Declaration, filled: H7) -> Iterator[Finding]:
    if filled.vat != "ioss":
        return
    if not IOSS_SHAPE.fullmatch(filled.ioss_number):
        yield _finding(
            "bad_ioss_number",
            "The IOSS number is not IM and ten digits (VR#138).",
            "ioss_number",
            "Ask the seller for it.",
        )
    elif not _known_ioss_number(filled.ioss_number):
        yield _finding(
            "unusual_ioss_number",
            "The IOSS number names no known member state of registration.",
            "ioss_number",
            "Compare it with the order.",
            "warning",  # the official algorithm is not published, python-stdnum derived its own
        )
    country = filled.importer.country or declaration.destination_country
    if country not in customs_territory():
        yield _finding(
            "importer_outside_eu",
            "With an IOSS number the importer must be in the EU (DK1039).",
            "recipient.country",
            "Check the destination, or pass another vat.",
        )


def _gaps(declaration: Declaration, filled: H7) -> Iterator[Finding]:
    if declaration.destination_country not in customs_territory():
        yield _finding(
            "destination_outside_eu",
            "The destination is not in the customs territory of the EU.",
            "destination_country",
            "H7 is for the EU; see the format cds-xml for the United Kingdom.",
        )
    if filled.consignor is None:
        yield _finding(
            "consignor_missing",
            "The exporter is left out: his whole address is not known.",
            "consignor",
            "Pass consignor with name, street, city, postcode and country.",
            "warning",
        )
    if filled.gross_weight_kg is None:
        yield _finding(
            "gross_weight_missing",
            "The gross mass is not known.",
            "gross_weight_kg",
            "Declare gross_weight_kg.",
            "warning",
        )
    if declaration.freight is None:
        yield _finding(
            "freight_unknown",
            "The transport costs are not known: they count for VAT, and apart from the value.",
            "freight",
            "Declare freight; 0 if it was free.",
            "warning",
        )


def _danish(filled: H7) -> Iterator[Finding]:
    private = tables()["codes"]["private_importer"]
    codes = {code for item in filled.items for code in item.additional_procedures}
    for code, rule in (("F49", "VR#66"), ("C08", "DK1250")):
        if code in codes and filled.importer.id != private:
            yield _finding(
                "importer_not_private",
                f"With {code} the importer must be {private} ({rule}).",
                "importer_id",
                f"Leave importer_id out, or pass {private}.",
            )
    if filled.importer.id == filled.declarant_id == private and not filled.representative_id:
        yield _finding(
            "representative_missing",
            "A private importer and declarant needs a representative (VR#98).",
            "representative_id",
            "Pass representative_id.",
        )


def _known_ioss_number(number: str) -> bool:
    from stdnum.eu import oss  # noqa: PLC0415 (needed for IOSS consignments only)

    return bool(oss.is_valid(number))


def _finding(
    code: str, message: str, path: str, action: str, severity: Severity = "error"
) -> Finding:
    return Finding(code=code, message=message, path=path, action=action, severity=severity)
