"""From a CN 22 / CN 23 that was read back to the declaration that it can be of.

A form knows goods items, not the order lines in them: each becomes one line with its description
as title. Whether box 10 has been explained, comments, licences and certificates are no part of a
declaration; what is lost is named in its findings. Written again, the form is the same.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from aliexpress_customs.declaration.model import (
    ContentsType,
    Declaration,
    DeclarationLine,
    GoodsItem,
)
from aliexpress_customs.export.postal_form import CATEGORIES, FormItem, PostalForm
from aliexpress_customs.invoice.model import Address, Party
from aliexpress_customs.model import Finding
from aliexpress_customs.money import EXACT, money, round_to

_IOSS: Final = re.compile(r"IM[0-9]{10}")
_MILLIONTH: Final = Decimal("0.000001")
"""Of a unit value that does not divide, as `declare` rounds it."""
_CONTENTS: Final[dict[str, ContentsType]] = {name: kind for kind, name in CATEGORIES.items()}
_NOT_DECLARED: Final = (
    "box_10_explanation",
    "box_11_comments",
    "box_12_licence_numbers",
    "box_13_certificate_numbers",
)


def declaration_of(form: PostalForm) -> Declaration:
    """The declaration of a form."""
    contents = _CONTENTS[form.box_10_category]
    scheme = bool(_IOSS.fullmatch(form.importer_reference))
    return Declaration(
        destination_country=form.recipient.country,
        postcode=form.recipient.postcode,
        dispatch_country=form.sender.country,
        currency=form.currency,
        items=tuple(_item(item, form.currency) for item in form.items),
        freight=form.box_9_postal_charges,
        insurance=form.box_9_insurance,
        gross_weight_kg=form.box_4_total_gross_weight_kg,
        contents_type=contents,
        purpose="gift" if contents == "gift" else "sale",
        ioss_number=form.importer_reference if scheme else "",
        importer_tax_id="" if scheme else form.importer_reference,
        tracking_number=form.item_identifier,
        invoice_number=form.box_14_invoice_number,
        sender=Party(name=form.sender.name),
        recipient=_recipient(form),
        findings=_findings(form, scheme),
    )


def _item(item: FormItem, currency: str) -> GoodsItem:
    value = item.box_5_value
    each = EXACT.divide(value.amount, Decimal(item.box_2_quantity))
    unit = round_to(each, _MILLIONTH)
    line = DeclarationLine(
        title=item.box_1_description,
        quantity=item.box_2_quantity,
        unit_value=money(each if each == unit else unit, currency),
        line_value=value,
        line_discount=money(0, currency),
        line_net_weight_kg=item.box_3_net_weight_kg,
    )
    return GoodsItem(
        number=item.number,
        description=item.box_1_description,
        hs_code=item.box_7_hs_code or None,
        hs_code_source="file" if item.box_7_hs_code else "unknown",
        origin_country=item.box_8_origin_country,
        lines=(line,),
    )


def _recipient(form: PostalForm) -> Address | None:
    party = form.recipient
    if not any((party.name, party.address_lines, party.city, party.region, party.telephone)):
        return None
    return Address(
        name=party.name,
        lines=party.address_lines,
        city=party.city,
        region=party.region,
        postcode=party.postcode,
        country=party.country,
        phone=party.telephone,
    )


def _findings(form: PostalForm, scheme: bool) -> tuple[Finding, ...]:
    found = []
    if form.importer_reference and not scheme:
        found.append(
            Finding(
                code="importer_reference_ambiguous",
                message="The importer's reference is taken for a tax number of the importer; "
                "it can also be the seller's number in a scheme that is not the IOSS.",
                action="Move it to ioss_number if it is.",
                path="importer_tax_id",
            )
        )
    if lost := [name for name in _NOT_DECLARED if getattr(form, name)]:
        found.append(
            Finding(
                code="form_only",
                message=f"A declaration has no place for: {', '.join(lost)}.",
                action="Pass them again as options when the form is written.",
                severity="info",
            )
        )
    return tuple(found)
