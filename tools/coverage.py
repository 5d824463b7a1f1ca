"""Writes docs/coverage.md from the rule tables.

python tools/coverage.py            says whether the page is up to date
python tools/coverage.py --write    writes it
"""

from __future__ import annotations

import sys
from pathlib import Path

from aliexpress_customs.rules.coverage import coverage, markdown
from aliexpress_customs.rules.load import destinations

PAGE = Path(__file__).resolve().parent.parent / "docs" / "coverage.md"


def page() -> str:
    """The whole page."""
    views = [coverage(code) for code in destinations()]
    rows = [
        f"| [{view.name}](#{_anchor(view.name, view.destination)}) | {view.destination} | "
        f"{view.facts} | {view.official} | {view.confidence.get('memory', 0)} | "
        f"{view.newest_rule} | {len(view.not_covered)} |"
        for view in views
    ]
    head = [
        "# Coverage",
        "",
        "Generated from the rule tables by `tools/coverage.py`. Every regime since 2021-07-01 that",
        "a source was found for is listed with its dates. What is not covered makes an estimate",
        "`refused` or `estimated`, with a reason; it is never counted as zero.",
        "",
        f"{len(views)} destinations.",
        "",
        "| destination | | facts | official | from memory | newest rule | gaps |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
    ]
    return "\n".join(head) + "\n" + "\n".join(markdown(view) for view in views)


def _anchor(name: str, code: str) -> str:
    kept = "".join(c for c in f"{name} {code}".lower() if c.isalnum() or c in " -")
    return "-".join(kept.split())


def main() -> int:
    """Write the page, or say whether it is up to date."""
    text = page()
    if "--write" in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
        print(f"Wrote {PAGE.name}.")
        return 0
    same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text
    print("Up to date." if same else "The page is old: run tools/coverage.py --write.")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
