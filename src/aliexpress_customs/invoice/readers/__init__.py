"""One module per source format, each with the same small interface.

`KIND` names it, `recognise(document)` tells whether a document is of the kind,
`orders(document)` splits it into single orders, `read_order(order, file=...)` reads one of them,
and `read(document, file=...)` reads all. A new format is a new module, one entry in `READERS` (JSON
documents) or `TEXT_READERS` (tables, notices, mails), and its place in `RICHNESS`.
"""

from __future__ import annotations

from typing import Final, Protocol

from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.node import Node
from aliexpress_customs.invoice.readers import (
    au_gst_notice,
    chriskomus_tsv,
    ds_order_get,
    dsers_csv,
    gdpr_xlsx,
    legacy_tsv,
    mjc_tax_xlsx,
    mtop_logistics,
    mtop_order_detail,
    mtop_order_list,
    mtop_receipt,
    mtop_refunds,
    nrbrook_csv,
    order_email,
    own_json,
    ru_local_order_list,
    seller_order_info,
    seller_order_list,
    shopper_inventory,
    taxation_calculate,
)


class Reader(Protocol):
    """What every reader module offers."""

    @property
    def KIND(self) -> str:  # noqa: N802 - a constant of the module
        """Its name."""

    def recognise(self, document: object) -> bool:
        """Whether a document is of this kind."""

    def orders(self, document: object) -> list[Node]:
        """The single orders of a document."""

    def read_order(self, order: Node, *, file: str) -> Invoice:
        """One order."""

    def read(self, document: object, *, file: str) -> list[Invoice]:
        """All orders of a document."""


READERS: Final[tuple[Reader, ...]] = (
    own_json,
    mtop_receipt,
    mtop_order_detail,
    mtop_order_list,
    seller_order_info,
    seller_order_list,
    ds_order_get,
    ru_local_order_list,
    shopper_inventory,
    gdpr_xlsx,
    taxation_calculate,
    mtop_refunds,
    mtop_logistics,
)
"""Of JSON documents, tried in this order."""

TEXT_READERS: Final[tuple[Reader, ...]] = (
    au_gst_notice,
    order_email,
    nrbrook_csv,
    shopper_inventory,
    gdpr_xlsx,
    mjc_tax_xlsx,
    chriskomus_tsv,
    legacy_tsv,
    dsers_csv,
)
"""Of tables, notices and mails, tried in this order."""

RICHNESS: Final[tuple[str, ...]] = (
    own_json.KIND,
    mtop_receipt.KIND,
    mtop_order_detail.KIND,
    nrbrook_csv.KIND,
    mtop_order_list.KIND,
    seller_order_info.KIND,
    seller_order_list.KIND,
    ds_order_get.KIND,
    ru_local_order_list.KIND,
    au_gst_notice.KIND,
    shopper_inventory.KIND,
    legacy_tsv.KIND,
    chriskomus_tsv.KIND,
    mjc_tax_xlsx.KIND,
    gdpr_xlsx.KIND,
    order_email.KIND,
    taxation_calculate.KIND,
    mtop_refunds.KIND,
    mtop_logistics.KIND,
)
"""Where two sources tell of one order, the earlier in the list wins, field by field."""

KINDS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(reader.KIND for reader in (*READERS, *TEXT_READERS))
)
"""Names of all readers."""
