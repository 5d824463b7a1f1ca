"""What our rules let pass is valid by the official schemas and comes back as it was declared."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aliexpress_customs.export import cds, differences, export, h7, h7_dms, read_back
from aliexpress_customs.export.customs_message import CustomsMessage
from strategies import many

from .lawful import MADE, lawful
from .messages import grave
from .test_cds import xsd as uk_xsd
from .test_h7_dms import SAFE
from .test_h7_dms import xsd as danish_xsd

FINDINGS = {
    "h7-json": h7.findings,
    "h7-csv": h7.findings,
    "h7-dms-xml": h7_dms.findings,
    "cds-xml": cds.findings,
}
SCHEMAS = {"h7-dms-xml": danish_xsd, "cds-xml": uk_xsd}


@pytest.mark.parametrize("name", MADE)
@settings(many, max_examples=10)
@given(data=st.data())
def test_what_breaks_no_rule_is_written_and_comes_back(name: str, data: st.DataObject) -> None:
    declaration, options = data.draw(lawful(name))
    found = FINDINGS[name](declaration, **options)
    assert [finding.code for finding in found if finding.severity == "error"] == []
    message = read_back(str(export(declaration, name, **options)), name)
    assert isinstance(message, CustomsMessage)
    assert grave(differences(declaration, message)) == []
    assert len(message.items) == len(declaration.items)
    assert message.importer.country in {declaration.destination_country, ""}
    assert message.lrn == options["lrn"]


@pytest.mark.parametrize("name", SCHEMAS)
@settings(many, max_examples=10)
@given(data=st.data())
def test_what_breaks_no_rule_is_valid_by_the_official_xsd(name: str, data: st.DataObject) -> None:
    schema = SCHEMAS[name]()
    declaration, options = data.draw(lawful(name))
    content = str(export(declaration, name, **options))
    schema.assertValid(etree.fromstring(content, SAFE))
