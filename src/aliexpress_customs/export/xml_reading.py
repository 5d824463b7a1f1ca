"""The one XML parser for files that others may have written: nothing is fetched or expanded.

Limits: `LARGEST_XML` bytes; libxml2 itself refuses more than 256 levels, texts above 10 MB and
entities that multiply. A document type is refused, since none of the formats has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aliexpress_customs.errors import ReadError

if TYPE_CHECKING:
    from lxml import etree

LARGEST_XML: Final = 32 * 1024 * 1024
"""Bytes; an H7 of 9999 goods items has about 15 MB."""


def parse_xml(content: str | bytes, format_name: str) -> etree._Element:
    """The document element, without comments and processing instructions.

    Args:
        content: text, or bytes in the encoding that the XML names.
        format_name: what it should be, for the errors.

    Raises:
        ReadError: too large, not well-formed, or with a document type.
    """
    from lxml import etree  # noqa: PLC0415 (slow to import, needed by XML only)

    if len(content) > LARGEST_XML:
        raise ReadError(
            f"The XML is larger than {LARGEST_XML // 1024 // 1024} MiB.",
            code="too_large",
            action="No message of one consignment is; check where it came from.",
        )
    text = isinstance(content, str)
    parser = etree.XMLParser(
        encoding="utf-8" if text else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        data = content.encode("utf-8") if isinstance(content, str) else content
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        # The parser's own text can quote the file, which may hold personal data.
        raise ReadError(
            "This is no well-formed XML.",
            code="bad_xml",
            path=f"line {error.lineno}",
            action=f"Pass a complete {format_name} file.",
        ) from None
    except ValueError:
        raise ReadError(
            "A text holds half of a character (a lone surrogate).",
            code="bad_encoding",
            action="Pass the bytes of the file.",
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadError(
            "The XML has a document type.", code="document_type", action="Remove the DOCTYPE."
        )
    return root
