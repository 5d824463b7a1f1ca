"""A sample of a customs authority, and how its elements are compared with ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.export import cds, export
from aliexpress_customs.invoice.model import Address

SCHEMAS = Path(__file__).parents[3] / "shared" / "reference" / "schemas"
BRITISH = SCHEMAS / "hmrc-cds" / "samples"
DANISH = SCHEMAS / "dk-h7" / "samples"
SAFE = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
NS = {"c": cds.NAMESPACE}
Tree = etree._Element


@dataclass(frozen=True)
class Sample:
    """An official file, and what it is made from."""

    path: Path
    format: str
    declaration: Declaration
    options: dict[str, Any]
    left_out: tuple[str, ...] = ()
    """Ends of paths that we do not fill, without the goods item's or document's index."""
    repair: Callable[[Tree], None] = field(default=lambda root: None)
    """What is set right in the official file before it is compared."""

    def official(self) -> Tree:
        if not self.path.is_file():
            pytest.skip("The official samples of the customs are not beside this repository.")
        root = etree.parse(self.path, SAFE).getroot()
        self.repair(root)
        return root

    def made(self) -> bytes:
        return str(export(self.declaration, self.format, **self.options)).encode()


def place(name: str, street: str, city: str, postcode: str, country: str) -> Address:
    return Address(name=name, lines=(street,), city=city, postcode=postcode, country=country)


def leaves(root: Tree) -> list[tuple[str, str, str]]:
    """Path, place and value of every element with text; equal numbers are equal."""
    tree = root.getroottree()
    found = []
    for element in root.iter("{*}*"):
        text = " ".join((element.text or "").split())
        if len(element) == 0 and text:
            steps = [*[*element.iterancestors()][::-1], element]
            path = "/".join(etree.QName(step).localname for step in steps)
            index = "".join(
                part[part.index("[") :]
                for part in tree.getelementpath(element).split("/")
                if "[" in part
            )
            found.append((path, f"{element.get('currencyID', '')}{index}", number(text)))
    return found


def number(text: str) -> str:
    try:
        return f"{Decimal(text).normalize():f}"
    except ArithmeticError:
        return text
