"""AliExpress orders to itemised customs declarations, landed cost and CN22/CN23 data.

import aliexpress_customs as ac

invoices = ac.read("order.json")
declaration = ac.declare(ac.consign(invoices, destination="FR"))
estimate = ac.estimate(declaration, transport="post")
print(estimate.explain())
ac.export(declaration, "cn23-csv", "cn23.csv")
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from aliexpress_customs.api import compare, consign, declare, estimate, quote, sample_order
from aliexpress_customs.consignment.model import Consignment
from aliexpress_customs.declaration.model import Declaration, Goods, GoodsItem
from aliexpress_customs.errors import AliExpressCustomsError
from aliexpress_customs.estimate.examples import verify
from aliexpress_customs.estimate.model import Charge, Estimate, Threshold
from aliexpress_customs.exchange import Exchange
from aliexpress_customs.export import export
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.read import read
from aliexpress_customs.model import Finding

try:
    __version__ = version("aliexpress-customs")
except PackageNotFoundError:  # run from a source tree that is not installed
    __version__ = "0+unknown"

__all__ = [
    "AliExpressCustomsError",
    "Charge",
    "Consignment",
    "Declaration",
    "Estimate",
    "Exchange",
    "Finding",
    "Goods",
    "GoodsItem",
    "Invoice",
    "Threshold",
    "__version__",
    "compare",
    "consign",
    "declare",
    "estimate",
    "export",
    "quote",
    "read",
    "sample_order",
    "verify",
]
