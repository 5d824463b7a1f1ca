"""Declarations as the files that forwarders, posts and brokers take: one module per format.

`export` writes any of them by name, `formats` lists them, `read_back` reads those that hold a
declaration, `differences` compares. A new format is one module with the interface of
`registry.Exporter` and one line in `registry.EXPORTERS`.
"""

from __future__ import annotations

from aliexpress_customs.export.differences import differences
from aliexpress_customs.export.reading import read_back
from aliexpress_customs.export.registry import export, formats

__all__ = ["differences", "export", "formats", "read_back"]
