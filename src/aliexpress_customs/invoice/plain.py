"""Documents that are neither JSON nor tables: the text of a notice, a mail.

PDF text is taken by pypdf (extra `pdf`) under limits; a scan has none and is refused.
"""

from __future__ import annotations

import email
import io
import logging
import re
import warnings
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default as modern
from html.parser import HTMLParser
from typing import Final

from aliexpress_customs.errors import ReadError, UnknownFormatError

LARGEST_PDF: Final = 16 * 1024 * 1024
LARGEST_PAGE: Final = 4 * 1024 * 1024
"""Bytes of one page's drawing instructions; a notice has about 20,000."""
MOST_PAGES: Final = 60
LARGEST_MAIL: Final = 16 * 1024 * 1024
MOST_MAIL_PARTS: Final = 200
LONGEST_PLAIN: Final = 2_000_000

_HEADER: Final = re.compile(
    rb"\A\s{0,20}(?:From |(?:From|To|Subject|Date|Return-Path|Received|Delivered-To|MIME-Version|"
    rb"Message-ID|Content-Type|DKIM-Signature|Reply-To|X-[\w-]{1,60}|Authentication-Results|"
    rb"ARC-[\w-]{1,60})\s?:)",
    re.IGNORECASE,
)
_BLOCKS: Final = frozenset(
    {"p", "div", "td", "th", "tr", "table", "li", "ul", "br", "h1", "h2", "h3", "h4", "a", "hr"}
)


@dataclass(frozen=True, slots=True)
class Plain:
    """Text of a document, and the base name of its file (it may hold the order id)."""

    text: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail: what readers need of it."""

    sender: str
    subject: str
    date: str
    text: str
    """Its plain part; empty if it has none."""
    html_text: str
    """The text of its HTML part, one block a line."""


def pdf_text(data: bytes) -> str:
    """The text layer of a PDF.

    Raises:
        ReadError: damaged, encrypted or too large.
        UnknownFormatError: it holds no text, as a scan or picture.
        ReadError: pypdf is not installed.
    """
    if len(data) > LARGEST_PDF:
        raise _large("The PDF")
    try:
        import pypdf  # noqa: PLC0415 - an extra
    except ImportError:
        raise ReadError(
            "PDF documents are read by pypdf, which is not installed.",
            code="missing_extra",
            action='Install "aliexpress-customs[pdf]", or pass the text of the document.',
        ) from None
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # it repeats parts of the file
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = pypdf.PdfReader(io.BytesIO(data))
            if reader.is_encrypted:
                raise ReadError(
                    "The PDF is encrypted.", code="encrypted", action="Save it without password."
                )
            if len(reader.pages) > MOST_PAGES:
                raise _large("The PDF")
            pages = []
            for page in reader.pages:
                content = page.get_contents()
                if content is not None and len(content.get_data()) > LARGEST_PAGE:
                    raise _large("A page of the PDF")
                pages.append(page.extract_text())
    except ReadError:
        raise
    except Exception:  # noqa: BLE001 - pypdf raises anything on malformed files
        raise UnknownFormatError(
            "The PDF is damaged.", code="bad_pdf", action="Download it again."
        ) from None
    finally:
        logger.setLevel(level)
    text = "\n".join(pages)[:LONGEST_PLAIN]
    if not text.strip():
        raise UnknownFormatError(
            "The PDF holds a picture and no text.",
            code="no_text",
            action="Save the order's JSON reply; receipts of the shop are pictures.",
        )
    return text


def looks_like_mail(data: bytes) -> bool:
    """Whether the first bytes are those of a mail with its headers."""
    head = data[:4000].removeprefix(b"\xef\xbb\xbf")
    return bool(_HEADER.match(head)) and head.count(b":") > 1


def parse_mail(data: bytes) -> Mail:
    """The parts of a mail that say something.

    Raises:
        ReadError: too large, with too many parts, or damaged.
    """
    if len(data) > LARGEST_MAIL:
        raise _large("The mail")
    try:
        message = email.message_from_bytes(data, policy=modern)
        plain = html = ""
        for number, part in enumerate(message.walk()):
            if number > MOST_MAIL_PARTS:
                raise _large("The mail")
            if not isinstance(part, EmailMessage) or part.is_multipart():
                continue
            kind = part.get_content_type()
            if kind == "text/plain" and not plain:
                plain = _content(part)
            elif kind == "text/html" and not html:
                html = _content(part)
        return Mail(
            sender=str(message.get("From", ""))[:500],
            subject=str(message.get("Subject", ""))[:500],
            date=str(message.get("Date", ""))[:100],
            text=plain,
            html_text=html_text(html),
        )
    except ReadError:
        raise
    except Exception:  # noqa: BLE001 - the header parser raises anything on malformed headers
        raise ReadError(
            "The mail is damaged.", code="bad_mail", action="Save it again as .eml."
        ) from None


def html_text(markup: str) -> str:
    """The text of HTML, one block a line; scripts and styles are left out."""
    collector = _Collector()
    collector.feed(markup[:LONGEST_PLAIN])
    collector.close()
    return "".join(collector.parts)


def lines_of(text: str) -> list[str]:
    """The lines of a text that are not blank, with single blanks."""
    return [line for raw in text[:LONGEST_PLAIN].splitlines() if (line := " ".join(raw.split()))]


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in {"script", "style", "head", "title"}:
            self._hidden += 1
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "head", "title"}:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(" ".join(data.split("\n")))


def _content(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset() or "utf-8"
    try:
        return data.decode(charset, "replace")[:LONGEST_PLAIN]
    except LookupError:
        return data.decode("utf-8", "replace")[:LONGEST_PLAIN]


def _large(what: str) -> ReadError:
    return ReadError(
        f"{what} is larger than any order document.",
        code="too_large",
        action="Check where it came from.",
    )
