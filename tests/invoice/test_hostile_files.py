"""Tables, workbooks, archives, mails and PDFs made to harm: typed errors, bounded, nobody named."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aliexpress_customs.errors import AliExpressCustomsError, AmountError, ReadError
from aliexpress_customs.invoice import table
from aliexpress_customs.invoice.anonymise import anonymise_file
from aliexpress_customs.invoice.read import read, read_report
from aliexpress_customs.invoice.table import csv_table
from aliexpress_customs.invoice.table_import import import_table

FIXTURES = Path(__file__).parents[1] / "fixtures"
FILES = sorted(p for part in ("tables", "mails", "notices") for p in (FIXTURES / part).iterdir())
PERSONAL = ("Pessoa", "Rua Inventada", "pessoa@example.com", "Musterstadt", "11000000000")
WORKBOOK = FIXTURES / "tables" / "gdpr.xlsx"


def survives(source: bytes) -> None:
    """Reading gives invoices that can be dumped, or typed errors without personal data."""
    report = read_report(source)
    assert report.invoices or report.errors
    for invoice in report.invoices:
        assert type(invoice).model_validate_json(invoice.model_dump_json()) == invoice
    for error in report.errors:
        assert isinstance(error, ReadError | AmountError)
        assert error.action or error.code
        assert not any(word in str(error) for word in PERSONAL)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_cut_and_overwritten_files_give_typed_errors(path: Path, data: st.DataObject) -> None:
    raw = path.read_bytes()
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 40)))
    survives(raw[:start] + data.draw(st.binary(max_size=8)) + raw[end:])
    survives(raw[:start])
    with suppress(AliExpressCustomsError):
        anonymise_file(raw[:start])


@pytest.mark.parametrize(
    "path", sorted((FIXTURES / "fuzzed").iterdir()), ids=lambda path: path.name
)
def test_inputs_that_once_broke_a_reader_no_longer_do(path: Path) -> None:
    survives(path.read_bytes())


CELLS = ["", "-5", "NaN", "1e999", "=cmd()", "9" * 60, "\ud83d", "€", "12/13/20267", "x" * 5000]
CELLS += ["8.2E+15", "\0", "-1", "1,2,3", "0x10", "٣", "Infinity", "\u202e", '"', "1.000.000,5"]


@pytest.mark.parametrize("name", ["shopper_inventory.csv", "legacy.tsv", "nrbrook_lines.csv"])
def test_any_cell_replaced_by_nonsense_gives_invoices_or_typed_errors(name: str) -> None:
    mark = "\t" if name.endswith("tsv") else ","
    lines = (FIXTURES / "tables" / name).read_text("utf-8").splitlines()
    cells = lines[1].split(mark)
    for index in range(len(cells)):
        for odd in CELLS[index % 3 :: 3]:
            row = mark.join([*cells[:index], odd, *cells[index + 1 :]])
            survives("\n".join([lines[0], row, *lines[2:]]).encode("utf-8", "surrogatepass"))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from('ab1,;\t"\n\r|€ =')), st.sampled_from(["title=a", "x"]))
def test_any_text_at_all_is_a_table_or_a_typed_error(text: str, mapping: str) -> None:
    survives(text.encode())
    with pytest.raises(AliExpressCustomsError):
        import_table(text + "\n", mapping)


def changed(part: str, content: bytes, *, extra: str = "") -> bytes:
    """A workbook with one part replaced, or with one more."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(WORKBOOK) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
        if extra:
            new.writestr(extra, content)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
XML = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
FORMULA = (
    XML + b'<sheetData><row r="1"><c r="A1"><f>cmd()</f><v>1</v></c></row></sheetData></worksheet>'
)
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (changed(SHEET, FORMULA), "formulas"),
        (changed(SHEET, ENTITIES), "xml_entities"),
        (changed("xl/workbook.xml", ENTITIES), "xml_entities"),
        (changed(SHEET, ENTITIES.decode().encode("utf-16")), "bad_encoding"),
        (changed("", b"x", extra="xl/vbaProject.bin"), "macros"),
        (changed("", b"x", extra="xl/externalLinks/externalLink1.xml"), "external_links"),
        (changed("", b"x", extra="xl/embeddings/oleObject1.bin"), "embedded_objects"),
        (changed(SHEET, XML + b" " * 250_000_000), "too_large"),
        (WORKBOOK.read_bytes()[:3000], "bad_workbook"),
    ],
)
def test_a_workbook_that_does_anything_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(content)
    assert caught.value.code == code


def test_a_million_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_ROWS", 1_000)
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 1_100))
    cell = b'<row r="%d"><c r="%s"><v>1</v></c></row>'
    far = cell % (1, b"A1") + cell % (1_048_576, b"XFD1048576")
    for data in (rows, far):
        sheet = XML + b"<sheetData>" + data + b"</sheetData></worksheet>"
        with pytest.raises(ReadError) as caught:
            read(changed(SHEET, sheet))
        assert caught.value.code == "too_large"
    with pytest.raises(ReadError):
        csv_table("a,b\n" + "1,2\n" * 1_100)


def test_wide_tables_and_long_cells_are_refused_or_read() -> None:
    with pytest.raises(ReadError):
        csv_table("a," * 400 + "\n")
    assert csv_table("a,b\n" + "x" * 300_000 + ",1\n").rows[0][1] == "1"


def test_a_mail_with_a_thousand_parts_is_refused() -> None:
    head = b"From: x@aliexpress.com\r\nSubject: y\r\n"
    head += b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    with pytest.raises(ReadError) as caught:
        read(head + b"--b\r\n\r\nx\r\n" * 1_000 + b"--b--\r\n")
    assert caught.value.code == "too_large"


def test_deeply_nested_mails_end_in_a_typed_error() -> None:
    head = b"From: a@aliexpress.com\r\nSubject: y\r\n"
    survives(head + b"Content-Type: message/rfc822\r\n\r\n" * 3_000)


def test_spreadsheets_without_orders_are_refused_with_the_remedy() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Name", "Salary"])
    book.active.append(["Pessoa", 1])
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(ReadError) as caught:
        read(stream.getvalue())
    assert "mapping" in caught.value.action
    assert "Pessoa" not in str(caught.value)
