"""Declarations as the files that forwarders, posts and brokers take: one module per format.

`export` writes any of them by name, `formats` lists them. A new format is one module with the
interface of `registry.Exporter` and one line in `registry.EXPORTERS`.
"""

from __future__ import annotations

from aliexpress_customs.export.registry import export, formats

__all__ = ["export", "formats"]
