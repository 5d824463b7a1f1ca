"""Mutate the fixtures of the readers until the time is up; anything but a typed error is a bug.

    python tools/fuzz_readers.py --seconds 300 --seed 1 --keep found/

Each failing input is kept as a file with its traceback beside it.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
import traceback
import zipfile
from pathlib import Path

from aliexpress_customs.errors import AliExpressCustomsError
from aliexpress_customs.invoice.anonymise import anonymise_file
from aliexpress_customs.invoice.read import read_report
from aliexpress_customs.invoice.table_import import import_table

FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures"
SLOWEST = 5.0
"""Seconds one small input may take."""
TOKENS = (
    b"", b"\x00", b"\xff", b"{", b"}", b"[", b'"', b",", b";", b"\t", b"\r\n", b"-", b"NaN",
    b"1e999", b"9" * 40, b"8.2E+15", b"%", b"null", b"{}", b"[]", b"\xe2\x82\xac", b"\xed\xa0\xbd",
    b"<f>", b"<!DOCTYPE x>", b"x" * 5000, b"2300-13-45", b"true", b"0", b"-0.00", b"=1+1",
)  # fmt: skip


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Some bytes cut, doubled, replaced, or spliced from another fixture."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randint(0, len(data))
        end = min(len(data), start + chance.choice((0, 1, 4, 30, 300)))
        match chance.randrange(5):
            case 0:
                middle = chance.choice(TOKENS)
            case 1:
                middle = data[start:end] * chance.randint(2, 20)
            case 2:
                other = chance.choice(others)
                place = chance.randint(0, len(other))
                middle = other[place : place + chance.randint(1, 400)]
            case 3:
                middle = bytes(chance.randrange(256) for _ in range(end - start))
            case _:
                middle = b""
        data = data[:start] + middle + data[end:]
    return data


def repacked(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A workbook or archive with one part mutated, packed soundly again."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        names = old.namelist()
        victim = chance.choice(names)
        for name in names:
            part = old.read(name)
            new.writestr(name, mutated(part, others, chance) if name == victim else part)
    return stream.getvalue()


def attempt(data: bytes) -> str:
    """What is wrong with how an input is treated; empty if nothing is."""
    began = time.monotonic()
    try:
        report = read_report(data)
        for invoice in report.invoices:
            if type(invoice).model_validate_json(invoice.model_dump_json()) != invoice:
                return "an invoice does not survive its own JSON"
        if not report.invoices and not report.errors:
            return "neither invoices nor errors"
        for error in report.errors:
            if "Pessoa" in str(error) or "Rua Inventada" in str(error):
                return "personal data in an error"
        for call in (lambda: anonymise_file(data), lambda: import_table(data, "items-csv")):
            try:
                call()
            except AliExpressCustomsError:
                continue
    except Exception:  # noqa: BLE001 - that is what is looked for
        return traceback.format_exc()
    if time.monotonic() - began > SLOWEST:
        return f"took {time.monotonic() - began:.1f} s"
    return ""


def main() -> int:
    """Run until the time is up; exit 1 if anything was found."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--keep", type=Path, default=Path("fuzz-found"))
    given = options.parse_args()
    chance = random.Random(given.seed)  # noqa: S311 - no secret
    corpus = [path for path in sorted(FIXTURES.glob("*/*")) if path.is_file()]
    contents = [path.read_bytes() for path in corpus]
    until = time.monotonic() + given.seconds
    tried = 0
    found: dict[str, Path] = {}
    while time.monotonic() < until:
        index = chance.randrange(len(corpus))
        whole = contents[index].startswith(b"PK") and chance.random() < 0.7
        data = (repacked if whole else mutated)(contents[index], contents, chance)
        tried += 1
        wrong = attempt(data)
        key = "\n".join(wrong.strip().splitlines()[-3:])
        if wrong and key not in found:
            given.keep.mkdir(parents=True, exist_ok=True)
            path = given.keep / f"{len(found)}-{corpus[index].name}"
            path.write_bytes(data)
            path.with_name(path.name + ".txt").write_text(wrong)
            found[key] = path
            sys.stdout.write(f"{path}: {key}\n")
    sys.stdout.write(f"{tried} inputs, {len(found)} kinds of failure\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
