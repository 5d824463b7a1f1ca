"""What a postal customs form (CN 22, CN 23) says, box by box; the CN 23 exporters write it out.

Box numbers are those of the CN 23. Source: UPU Convention Manual, forms CN 22 and CN 23, and their
instructions. Box 15 (date and signature) is the sender's and stays out.

Text is made fit for a form: characters that XML 1.0 does not allow (control characters, halves of
surrogate pairs) are removed, line breaks and runs of blanks become one blank.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, Literal

from pydantic import Field

from aliexpress_customs.declaration.model import ContentsType, Declaration, GoodsItem
from aliexpress_customs.errors import AmountError, ExportError, UsageError
from aliexpress_customs.export.amounts import require_flat
from aliexpress_customs.export.s10 import why_not_s10
from aliexpress_customs.model import CountryCode, Finding, Model
from aliexpress_customs.money import Money, round_to

FormKind = Literal["CN22", "CN23"]
Category = Literal[
    "Gift", "Documents", "Sale of goods", "Commercial sample", "Returned goods", "Other"
]

CN22_LIMIT_SDR: Final = Decimal(300)
"""Up to and including this value a CN 22 will do (UPU Convention Manual, customs declarations)."""
CN22_LIMIT_KG: Final = Decimal(2)
"""Heaviest small packet; a CN 22 goes on letter-post items only (19 CFR 145.73)."""
HS_DIGITS: Final = 6
"""Fewest digits that box 7 takes."""

_GRAM: Final = Decimal("0.001")
CATEGORIES: Final[dict[ContentsType, Category]] = {
    "sale_of_goods": "Sale of goods",
    "gift": "Gift",
    "sample": "Commercial sample",
    "documents": "Documents",
    "returned_goods": "Returned goods",
    "other": "Other",
}
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class FormParty(Model):
    """Sender or recipient, as far as it is known. Personal data, needed by the form."""

    name: str = ""
    address_lines: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: CountryCode
    telephone: str = ""


class FormItem(Model):
    """One row of the form: the boxes of one goods item."""

    number: int = Field(ge=1)
    box_1_description: str
    box_2_quantity: int = Field(ge=1)
    """Pieces."""
    box_3_net_weight_kg: Decimal | None
    """All pieces, three decimals."""
    box_5_value: Money
    """All pieces."""
    box_7_hs_code: str = Field(pattern=r"^(\d{6,14})?$")
    """At least six digits, or empty."""
    box_8_origin_country: CountryCode


class PostalForm(Model):
    """A CN 22 or CN 23, filled in."""

    form: FormKind
    """The form that suffices."""
    currency: str
    notes: tuple[Finding, ...]
    """What whoever sends the form should look at; not printed on it."""
    item_identifier: str
    """S10 identifier or another tracking number."""
    sender: FormParty
    recipient: FormParty
    importer_reference: str
    items: tuple[FormItem, ...] = Field(min_length=1)
    box_4_total_gross_weight_kg: Decimal | None
    box_6_total_value: Money
    box_9_postal_charges: Money | None
    box_9_insurance: Money | None
    """The instructions ask to state other charges, such as insurance, apart."""
    box_10_category: Category
    box_10_explanation: str
    box_11_comments: str
    box_12_licence_numbers: str
    box_13_certificate_numbers: str
    box_14_invoice_number: str


FORM_BOXES: Final = tuple(name for name in PostalForm.model_fields if name.startswith("box_"))
"""Fields of the whole form that are boxes of it, in order."""
ITEM_BOXES: Final = tuple(name for name in FormItem.model_fields if name.startswith("box_"))
"""Fields of a goods item that are boxes of the form, in order."""
AMOUNTS: Final = frozenset(
    {"box_5_value", "box_6_total_value", "box_9_postal_charges", "box_9_insurance"}
)
"""Boxes with an amount."""
WEIGHTS: Final = frozenset({"box_3_net_weight_kg", "box_4_total_gross_weight_kg"})
"""Boxes with a weight."""


def fill_form(
    declaration: Declaration,
    *,
    sdr_rate: Decimal | str | int | None = None,
    explanation: str = "",
    comments: str = "",
    licence_numbers: str = "",
    certificate_numbers: str = "",
) -> PostalForm:
    """Fill in the form of a declaration.

    The importer's reference is the seller's scheme number (IOSS, VOEC) or, without one, the tax
    number of the importer.

    Args:
        declaration: the consignment.
        sdr_rate: units of the declaration's currency for 1 special drawing right; decides between
            CN 22 and CN 23. None: CN 23, which is accepted at any value, and a note says so.
        explanation: what the contents are if their category is `other`.
        comments: box 11, such as goods subject to quarantine.
        licence_numbers: box 12.
        certificate_numbers: box 13.

    Raises:
        ExportError: a goods item without description, a negative amount or weight, or amounts in
            several currencies.
        UsageError: a rate that is not a positive decimal number.
    """
    require_flat(declaration)
    _refuse_negative(declaration)
    form, notes = _form_kind(declaration, sdr_rate)
    explanation = form_text(explanation)
    notes += _notes(declaration, explanation)
    return PostalForm(
        form=form,
        currency=declaration.currency,
        notes=tuple(notes),
        item_identifier=form_text(declaration.tracking_number),
        sender=FormParty(
            name=form_text(declaration.sender.name), country=declaration.dispatch_country
        ),
        recipient=_recipient(declaration),
        importer_reference=form_text(declaration.ioss_number or declaration.importer_tax_id),
        items=tuple(_item(item) for item in declaration.items),
        box_4_total_gross_weight_kg=_kilograms(declaration.gross_weight_kg),
        box_6_total_value=declaration.intrinsic_value,
        box_9_postal_charges=declaration.freight,
        box_9_insurance=declaration.insurance,
        box_10_category=CATEGORIES[declaration.contents_type],
        box_10_explanation=explanation,
        box_11_comments=form_text(comments),
        box_12_licence_numbers=form_text(licence_numbers),
        box_13_certificate_numbers=form_text(certificate_numbers),
        box_14_invoice_number=form_text(declaration.invoice_number),
    )


def form_text(text: str) -> str:
    r"""Text fit for one line of a form and for XML.

    >>> form_text("Sac \x00à\n main\ud83d")
    'Sac à main'
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()  # codes and numbers, which are most of a message
    return " ".join(_NOT_XML.sub("", text).split())


def _refuse_negative(declaration: Declaration) -> None:
    amounts = {"freight": declaration.freight, "insurance": declaration.insurance}
    facts = {name: amount.amount for name, amount in amounts.items() if amount is not None}
    facts["gross_weight_kg"] = declaration.gross_weight_kg or Decimal(0)
    for item in declaration.items:
        facts[f"goods item {item.number}: item_value"] = item.item_value.amount
        facts[f"goods item {item.number}: net_weight_kg"] = item.net_weight_kg or Decimal(0)
    if negative := [name for name, number in facts.items() if number < 0]:
        raise ExportError(
            "A box of the form would be negative.",
            code="negative_value",
            path=negative[0],
            action="Check amounts, discounts and weights.",
        )


def too_heavy_for_cn22(declaration: Declaration) -> bool:
    """Whether the parcel is above the limit: by its gross weight, else by that of the goods."""
    known = (declaration.gross_weight_kg, declaration.net_weight_kg)
    return any(weight > CN22_LIMIT_KG for weight in known if weight is not None)


def _form_kind(
    declaration: Declaration, sdr_rate: Decimal | str | int | None
) -> tuple[FormKind, list[Finding]]:
    if too_heavy_for_cn22(declaration):
        return "CN23", []
    if sdr_rate is None:
        note = Finding(
            code="form_not_narrowed",
            message="No SDR rate is given: CN 23 is chosen, which is accepted at any value.",
            action="Pass sdr_rate to learn whether a CN 22 suffices.",
            severity="info",
        )
        return "CN23", [note]
    limit = CN22_LIMIT_SDR * _rate(sdr_rate)
    return ("CN22" if declaration.intrinsic_value.amount <= limit else "CN23"), []


def _rate(sdr_rate: Decimal | str | int) -> Decimal:
    try:
        if isinstance(sdr_rate, bool | float):
            raise AmountError("not a decimal")
        rate = Decimal(sdr_rate)
        if rate.is_finite() and rate > 0:
            return rate
    except (ArithmeticError, TypeError, ValueError, AmountError):
        pass
    raise UsageError(
        "The SDR rate is not a positive decimal number.",
        code="bad_sdr_rate",
        action='Pass text or Decimal, such as sdr_rate="1.36" for USD.',
    )


def _notes(declaration: Declaration, explanation: str) -> list[Finding]:
    found: list[tuple[str, str, str]] = []
    recipient = declaration.recipient
    if declaration.tracking_number and (reason := why_not_s10(declaration.tracking_number)):
        found.append(("not_s10", f"The item number is no S10 identifier. {reason}", ""))
    if recipient is None:
        found.append(("recipient_missing", "The recipient is not known.", "recipient"))
    elif recipient.masked:
        found.append(("recipient_masked", "Parts of the recipient are hidden.", "recipient"))
    if recipient and recipient.country not in {None, declaration.destination_country}:
        message = "The recipient's country is not the destination; the form names the destination."
        found.append(("country_differs", message, "recipient.country"))
    if declaration.contents_type == "other" and not explanation:
        message = "The category Other needs an explanation."
        found.append(("explanation_missing", message, "contents_type"))
    for index, item in enumerate(declaration.items):
        if item.hs_code and len(item.hs_code) < HS_DIGITS:
            message = "The commodity code has fewer than six digits: box 7 stays empty."
            found.append(("hs_code_too_short", message, f"items[{index}].hs_code"))
    return [Finding(code=code, message=message, path=path) for code, message, path in found]


def _recipient(declaration: Declaration) -> FormParty:
    address = declaration.recipient
    country = declaration.destination_country
    if address is None:
        return FormParty(country=country, postcode=form_text(declaration.postcode))
    return FormParty(
        name=form_text(address.name),
        address_lines=tuple(line for line in map(form_text, address.lines) if line),
        city=form_text(address.city),
        region=form_text(address.region),
        postcode=form_text(address.postcode or declaration.postcode),
        country=country,
        telephone=form_text(address.phone),
    )


def _item(item: GoodsItem) -> FormItem:
    description = form_text(item.description)
    if not description:
        raise ExportError(
            "A goods item has no description.",
            code="no_description",
            path=f"goods item {item.number}",
            action="Box 1 needs words such as: men's cotton shirts.",
        )
    code = item.hs_code or ""
    return FormItem(
        number=item.number,
        box_1_description=description,
        box_2_quantity=item.quantity,
        box_3_net_weight_kg=_kilograms(item.net_weight_kg),
        box_5_value=item.item_value,
        box_7_hs_code=code if len(code) >= HS_DIGITS else "",
        box_8_origin_country=item.origin_country,
    )


def _kilograms(weight: Decimal | None) -> Decimal | None:
    """Rounded to the gram; a positive weight never becomes 0."""
    if weight is None:
        return None
    rounded = round_to(weight, _GRAM)
    return _GRAM if weight > 0 and rounded == 0 else rounded
