"""AliExpress orders to itemised customs declarations, landed cost and CN22/CN23 data.

    import aliexpress_customs as ac

    invoices = ac.read("order.json")
    declaration = ac.declare(ac.consign(invoices, destination="FR"))
    estimate = ac.estimate(declaration, transport="post")
    print(estimate.explain())
    ac.export(declaration, "cn23-csv", "cn23.csv")

The names below are loaded when first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aliexpress_customs.api import compare, consign, declare, estimate, quote, sample_order
    from aliexpress_customs.batch.result import ParcelResult
    from aliexpress_customs.batch.run import batch
    from aliexpress_customs.commodity.catalogue import Catalogue
    from aliexpress_customs.commodity.classify import Classification, classify
    from aliexpress_customs.consignment.model import Consignment
    from aliexpress_customs.declaration.model import Declaration, Goods, GoodsItem
    from aliexpress_customs.errors import AliExpressCustomsError
    from aliexpress_customs.estimate.examples import verify
    from aliexpress_customs.estimate.model import Charge, Estimate, Threshold
    from aliexpress_customs.exchange import Exchange
    from aliexpress_customs.export.customs_message import CustomsMessage
    from aliexpress_customs.export.differences import differences
    from aliexpress_customs.export.reading import read_back
    from aliexpress_customs.export.registry import export
    from aliexpress_customs.invoice.model import Invoice
    from aliexpress_customs.invoice.read import read
    from aliexpress_customs.model import Finding

    __version__: str

_HOME = {
    "AliExpressCustomsError": "errors",
    "Catalogue": "commodity.catalogue",
    "Charge": "estimate.model",
    "Classification": "commodity.classify",
    "Consignment": "consignment.model",
    "CustomsMessage": "export.customs_message",
    "Declaration": "declaration.model",
    "Estimate": "estimate.model",
    "Exchange": "exchange",
    "Finding": "model",
    "Goods": "declaration.model",
    "GoodsItem": "declaration.model",
    "Invoice": "invoice.model",
    "ParcelResult": "batch.result",
    "Threshold": "estimate.model",
    "batch": "batch.run",
    "classify": "commodity.classify",
    "compare": "api",
    "consign": "api",
    "declare": "api",
    "differences": "export.differences",
    "estimate": "api",
    "export": "export.registry",
    "quote": "api",
    "read": "invoice.read",
    "read_back": "export.reading",
    "sample_order": "api",
    "verify": "estimate.examples",
}

__all__ = [
    "AliExpressCustomsError",
    "Catalogue",
    "Charge",
    "Classification",
    "Consignment",
    "CustomsMessage",
    "Declaration",
    "Estimate",
    "Exchange",
    "Finding",
    "Goods",
    "GoodsItem",
    "Invoice",
    "ParcelResult",
    "Threshold",
    "__version__",
    "batch",
    "classify",
    "compare",
    "consign",
    "declare",
    "differences",
    "estimate",
    "export",
    "quote",
    "read",
    "read_back",
    "sample_order",
    "verify",
]


def __getattr__(name: str) -> Any:
    """A public name, loaded on first use."""
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415

        value: Any = version("aliexpress-customs")
    elif name in _HOME:
        value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """Keeps `ac.batch`, `ac.estimate` and `ac.export` the functions.

    They share their names with subpackages, and importing a subpackage would put the module there.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
