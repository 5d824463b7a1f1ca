"""Official tariff files, downloaded by the caller, in place of the shipped schedules.

Read are the export of the United States schedule (https://hts.usitc.gov/export, JSON or CSV), the
measures of the UK Trade Tariff (https://data.api.trade.gov.uk, columns `measure__...`, in which
TARIC can be written too), and any CSV with the columns `code` and `rate_text`, such as a copy of
Japan's schedule. The result is a measures file in the caller's folder; let the environment variable
`ALIEXPRESS_CUSTOMS_TARIFFS` name that folder.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aliexpress_customs.errors import TariffError
from aliexpress_customs.model import Model
from aliexpress_customs.tariff.measures import OPEN, Schedule
from aliexpress_customs.tariff.printed import american, european, japanese, read_or_open
from aliexpress_customs.tariff.schedules import schedule

ORDINARY: Final = "third_country"
COLUMNS: Final = ("code", "type", "origin", "duty", "from", "to", "source", "note")
SPOT_CODES: Final = ("610910", "640411", "420222", "711719", "850760", "851713", "950300")
"""Goods of many parcels: T-shirts, sports shoes, handbags, jewellery, batteries, phones, toys."""
COLUMN_2: Final = "BY CU KP RU"
"""Origins of the statutory rates of the United States, General Note 3(b)."""
_NAME: Final = re.compile(r"[a-z0-9_]+")
_UNPARSED_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    type: str
    origin: str
    duty: str
    from_: str
    to: str
    note: str


class ImportReport(Model):
    """What an import brought."""

    path: str
    """The measures file written."""
    format: str
    """`usitc-json`, `usitc-csv`, `trade-tariff-csv` or `rates-csv`."""
    rows: int
    """Measures written."""
    unparsed: int
    """Of these, rates whose text is kept as a note because the grammar cannot say it."""
    unparsed_texts: tuple[str, ...]
    """Their texts, each once, at most 100."""
    changed: int
    """Ordinary rates that differ from the schedule that was in use before."""
    spot: dict[str, str]
    """What the new file says for well-known subheadings: the duty, or `a..b` over its lines."""


def import_file(path: str | Path, as_name: str, folder: str | Path) -> ImportReport:
    """Turn an official tariff file into measures that take the place of the shipped ones.

    Args:
        path: the file as downloaded.
        as_name: the tariff it is, such as `us`; as in `tariff = "us"` of the rule tables.
        folder: where to write `<as_name>.csv`; made if missing.

    Raises:
        TariffError: not readable (`unreadable`), not a kind of file this knows
            (`unknown_tariff_format`), without rates (`empty_tariff`), or `as_name` is no name
            (`bad_tariff_name`). Nothing is written then.
    """
    if not _NAME.fullmatch(as_name):
        raise TariffError(
            f"{as_name[:20]!r} is no name of a tariff.",
            code="bad_tariff_name",
            path="as_name",
            action="Use lower-case letters and digits, such as 'us'.",
        )
    source = Path(path)
    try:
        content = source.read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TariffError(
            f"The file cannot be read: {error}.", code="unreadable", path=str(source)
        ) from error
    kind, rows = _read(text, str(source))
    if not rows:
        raise TariffError(
            "The file holds no rates.",
            code="empty_tariff",
            path=str(source),
            action="Download the whole schedule, not one page of it.",
        )
    key = f"imported-{hashlib.sha256(content).hexdigest()[:12]}"
    before = schedule(as_name)
    target = Path(folder) / f"{as_name}.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".csv.new")
    draft.write_text(_written(rows, key), encoding="utf-8", newline="")
    draft.replace(target)
    schedule.cache_clear()
    unparsed = [row.note for row in rows if row.duty == OPEN]
    return ImportReport(
        path=str(target),
        format=kind,
        rows=len(rows),
        unparsed=len(unparsed),
        unparsed_texts=tuple(dict.fromkeys(unparsed))[:_UNPARSED_SHOWN],
        changed=_changed(rows, before),
        spot=_spot(rows),
    )


def _read(text: str, where: str) -> tuple[str, list[_Row]]:
    if text.lstrip().startswith(("[", "{")):
        return "usitc-json", _unique(_usitc(_json_entries(text, where)))
    reader = csv.DictReader(io.StringIO(text))
    header = set(reader.fieldnames or ())
    try:
        for kind, needed, read in _FORMATS:
            if needed <= header:
                return kind, _unique(read(reader))
    except csv.Error as error:
        raise TariffError(
            f"The file is no CSV: {error}.",
            code="unreadable",
            path=f"{where}:{reader.line_num}",
        ) from error
    raise TariffError(
        "The columns are those of no tariff file this knows.",
        code="unknown_tariff_format",
        path=where,
        action="Give the USITC export, the UK Trade Tariff measures, or columns code, rate_text.",
    )


def _json_entries(text: str, where: str) -> Iterator[Mapping[str, Any]]:
    try:
        entries = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise TariffError(
            f"The file is no JSON: {error}.", code="unreadable", path=where
        ) from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise TariffError(
            "The JSON is no list of tariff lines.", code="unknown_tariff_format", path=where
        )
    yield from entries


def _usitc(entries: Iterable[Mapping[str, Any]]) -> Iterator[_Row]:
    """Lines with a general rate; statistical suffixes have none of their own."""
    for entry in entries:
        code = _digits(_text(entry, "htsno", "HTS Number"))
        general = _text(entry, "general", "General Rate of Duty")
        if not code or not general or code.startswith(("98", "99")):
            continue
        other = _text(entry, "other", "Column 2 Rate of Duty")
        duty, note = read_or_open(american, general)
        yield _Row(code, ORDINARY, f"!{COLUMN_2}", duty, "", "", note)
        if other:
            duty, note = read_or_open(american, other)
            yield _Row(code, ORDINARY, COLUMN_2, duty, "", "", note)


_MEASURE_TYPES: Final = {
    "103": ORDINARY,
    "105": ORDINARY,
    "551": "anti_dumping",
    "552": "anti_dumping",
    "553": "countervailing",
    "554": "countervailing",
    "695": "additional",
    "696": "additional",
}
"""Measure types of TARIC and the UK tariff that say what is due without a claim by the importer."""
_ERGA_OMNES: Final = "1011"


def _trade_tariff(rows: Iterable[Mapping[str, Any]]) -> Iterator[_Row]:
    for row in rows:
        kind = _MEASURE_TYPES.get(_text(row, "measure__type__id"))
        area = _text(row, "measure__geographical_area__id")
        code = _digits(_text(row, "commodity__code"))
        if kind is None or not code or not (area == _ERGA_OMNES or re.fullmatch("[A-Z]{2}", area)):
            continue
        if _text(row, "measure__additional_code__code"):
            continue  # a rate for named producers or uses; the one for all others stands beside it
        while len(code) > 4 and code.endswith("00"):
            code = code[:-2]
        excluded = re.findall(
            r"\b[A-Z]{2}\b", _text(row, "measure__excluded_geographical_areas__ids")
        )
        origin = f"!{' '.join(excluded)}" if excluded else ""
        text = _text(row, "measure__duty_expression")
        duty, note = read_or_open(european, text)
        yield _Row(
            code,
            kind,
            origin if area == _ERGA_OMNES else area,
            duty,
            _day(row, "measure__effective_start_date"),
            _day(row, "measure__effective_end_date"),
            note,
        )


def _rates(rows: Iterable[Mapping[str, Any]]) -> Iterator[_Row]:
    for row in rows:
        code, text = _digits(_text(row, "code")), _text(row, "rate_text")
        if code:
            reader = japanese if re.search(r"[円税]", text) else _plain
            duty, note = read_or_open(reader, text)
            yield _Row(code, ORDINARY, "", duty, "", "", note)


def _plain(text: str) -> str:
    return american(text) if re.search(r"[$¢]", text) else european(text)


_FORMATS: Final[
    tuple[tuple[str, set[str], Callable[[Iterable[Mapping[str, Any]]], Iterator[_Row]]], ...]
] = (
    ("usitc-csv", {"HTS Number", "General Rate of Duty"}, _usitc),
    (
        "trade-tariff-csv",
        {
            "commodity__code",
            "measure__type__id",
            "measure__duty_expression",
            "measure__geographical_area__id",
        },
        _trade_tariff,
    ),
    ("rates-csv", {"code", "rate_text"}, _rates),
)


def _unique(rows: Iterable[_Row]) -> list[_Row]:
    """Sorted, each once; the same line with two rates at one time is open."""
    found: dict[tuple[str, ...], _Row] = {}
    for row in rows:
        key = (row.code, row.type, row.origin, row.from_, row.to)
        held = found.get(key)
        if held is not None and held.duty != row.duty:
            texts = " | ".join(dict.fromkeys((held.note or held.duty, row.note or row.duty)))
            row = _Row(row.code, row.type, row.origin, OPEN, row.from_, row.to, texts)  # noqa: PLW2901
        found[key] = row
    return [found[key] for key in sorted(found)]


def _written(rows: Iterable[_Row], key: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            (row.code, row.type, row.origin, row.duty, row.from_, row.to, key, row.note)
        )
    return text.getvalue()


def _changed(rows: Iterable[_Row], before: Schedule | None) -> int:
    """Ordinary rates that the schedule in use has differently, on the day of the import."""
    if before is None:
        return 0
    today = dt.datetime.now(tz=dt.UTC).date()
    count = 0
    for row in rows:
        if row.type == ORDINARY and row.duty != OPEN and row.origin in {"", f"!{COLUMN_2}"}:
            held = before.find(ORDINARY, row.code, "", today).exact
            count += (
                held is not None
                and held.duty not in {row.duty, OPEN}
                and not ({held.duty, row.duty} <= {"Free", "0 %"})
            )
    return count


def _spot(rows: Iterable[_Row]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.type == ORDINARY and row.origin in {"", f"!{COLUMN_2}"}:
            for code in SPOT_CODES:
                if row.code.startswith(code) or code.startswith(row.code):
                    found.setdefault(code, []).append(row.duty)
    return {code: " .. ".join(sorted(set(duties))) for code, duties in sorted(found.items())}


def _text(row: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _digits(code: str) -> str:
    return re.sub(r"[^0-9]", "", code)


def _day(row: Mapping[str, Any], name: str) -> str:
    text = _text(row, name)[:10]
    return text if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else ""
