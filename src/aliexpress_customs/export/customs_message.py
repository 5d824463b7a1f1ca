"""What an H7 or a UK declaration holds once it is read back: enough to compare and to audit.

One model for all such messages. An element that a message does not carry is empty or None, never
guessed. Numbers in brackets are data elements of the EU (and of the UK).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from aliexpress_customs.export.xml_h7 import H7Party
from aliexpress_customs.model import Model
from aliexpress_customs.money import Money

Weight = Annotated[Decimal, Field(ge=0)]


class Reference(Model):
    """A numbered document, or a fiscal reference."""

    kind: str
    """Code, such as `N380` (invoice), `Z355` (entry summary) or `FR2` (customer)."""
    number: str = ""
    status: str = ""
    """UK: document status, such as `AC`."""


class MessageItem(Model):
    """One goods item of a message."""

    number: int
    """11 03 (1/6)."""
    description: str = ""
    """18 05 (6/8)."""
    hs_code: Annotated[str, StringConstraints(pattern=r"^\d*$")] = ""
    """18 09 (6/14 and 6/15): six digits in an H7, eight or ten in an H1, none in a BIRDS."""
    value: Money | None = None
    """14 14 (4/14, or 4/18 in a UK H7): price of the goods, freight and taxes apart."""
    gross_weight_kg: Weight | None = None
    """18 04 (6/5)."""
    net_weight_kg: Weight | None = None
    """18 01 (6/1); an H7 has none."""
    origin_country: str = ""
    """16 08 (5/15); an H7 has none."""
    procedure: str = ""
    """11 09 (1/10): requested and previous, such as `4000`."""
    additional_procedures: tuple[str, ...] = ()
    """11 10 (1/11), such as `F48`."""
    packages: int | None = None
    """18 06 (6/10)."""
    documents: tuple[Reference, ...] = ()
    """12 03 (2/3)."""
    statements: tuple[str, ...] = ()
    """12 02 (2/2): codes of additional information, such as `NIIMP`."""


class CustomsMessage(Model):
    """One declaration as it stands in a message."""

    format: str
    """Name of the export format; empty if it was made from a declaration."""
    lrn: str = ""
    """12 09 (2/5)."""
    declaration_type: str = ""
    """11 01 and 11 02 (1/1 and 1/2), such as `IMA`."""
    customs_office: str = ""
    """Office of lodgement."""
    declarant_id: str = ""
    """13 05 (3/18)."""
    representative_id: str = ""
    """13 06 (3/20)."""
    representative_status: str = ""
    """13 06 (3/21): 2 = direct, 3 = indirect."""
    exporter: H7Party = H7Party()
    """13 01 (3/1)."""
    importer: H7Party = H7Party()
    """13 04 (3/15, 3/16)."""
    ioss_number: str = ""
    """13 16 (3/40) in the role FR5."""
    fiscal_references: tuple[Reference, ...] = ()
    """13 16 (3/40) in any other role."""
    transport_costs: Money | None = None
    """14 15: freight and insurance together."""
    freight: Money | None = None
    """UK 4/19: freight alone."""
    gross_weight_kg: Weight | None = None
    """18 04 of the consignment."""
    dispatch_country: str = ""
    """UK 5/14."""
    destination_country: str = ""
    """UK 5/8."""
    invoice_number: str = ""
    """Of the first document that is an invoice, wherever it stands."""
    tracking_number: str = ""
    """12 05: of the first transport document."""
    documents: tuple[Reference, ...] = ()
    """Of the whole consignment: 12 03 (2/3), 12 05, then previous documents (2/1)."""
    items: tuple[MessageItem, ...] = Field(min_length=1)
