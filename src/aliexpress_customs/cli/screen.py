"""What people see: tables and JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from aliexpress_customs.cli.options import FINDINGS, OK

if TYPE_CHECKING:
    from aliexpress_customs.declaration.model import Declaration
    from aliexpress_customs.estimate.model import Estimate
    from aliexpress_customs.invoice.model import Invoice


def print_json(data: Any) -> None:
    """JSON for programs, readable by people."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def show_invoice(invoice: Invoice) -> None:
    """An order with its lines, rows and reconciliation."""
    when = invoice.ordered_at.date if invoice.ordered_at else "no date"
    typer.echo(
        f"Order {invoice.order_id or '(no id)'} of {when}, {invoice.status}, "
        f"{invoice.seller.name or 'unknown seller'} ({invoice.source.kind})"
    )
    for line in invoice.lines:
        title = line.title if len(line.title) <= 58 else line.title[:55] + "..."
        typer.echo(f"  {line.quantity:>3} x {title:<58} {money_text(line.line_gross):>16}")
    for row in invoice.charges:
        if row.in_total:
            typer.echo(f"        {row.label or row.kind:<58} {money_text(row.amount):>16}")
    if invoice.total is not None:
        typer.echo(f"        {'Total':<58} {money_text(invoice.total):>16}")
    if invoice.reconciliation is not None:
        state = invoice.reconciliation
        typer.echo(f"        Rows against total: {state.level}, {money_text(state.difference)}")
    for finding in invoice.findings:
        typer.echo(f"  [{finding.severity}] {finding.message}")
    typer.echo("")


def show_declaration(declaration: Declaration) -> None:
    """Goods items, totals and findings."""
    typer.echo(
        f"Declaration for {declaration.destination_country}, sent from "
        f"{declaration.dispatch_country}, values in {declaration.currency} without VAT"
    )
    typer.echo(
        f"  {'#':>2} {'description':<44} {'HS code':<11}{'made in':<8}{'pcs':>5}{'value':>16}"
    )
    for item in declaration.items:
        text = item.description if len(item.description) <= 44 else item.description[:41] + "..."
        typer.echo(
            f"  {item.number:>2} {text:<44} {item.hs_code or 'unknown':<11}"
            f"{item.origin_country:<8}{item.quantity:>5}{money_text(item.item_value):>16}"
        )
    typer.echo(f"     {'Goods':<68}{money_text(declaration.intrinsic_value):>16}")
    freight = "unknown" if declaration.freight is None else money_text(declaration.freight)
    typer.echo(f"     {'Freight':<68}{freight:>16}")
    for tax in declaration.collected:
        typer.echo(f"     {'Taken at checkout: ' + tax.kind:<68}{money_text(tax.amount):>16}")
    for finding in declaration.findings:
        where = f"{finding.path}: " if finding.path else ""
        typer.echo(f"  [{finding.severity}] {where}{finding.message} {finding.action}")
    typer.echo("")


def show_estimate(result: Estimate, as_json: bool) -> NoReturn:
    """The explanation, or JSON; ends the command."""
    if as_json:
        print_json(result.model_dump(mode="json"))
    else:
        typer.echo(result.explain())
    raise typer.Exit(FINDINGS if result.outcome == "refused" else OK)


def money_text(value: Any) -> str:
    """An amount with its currency code."""
    return f"{value.amount:,f} {value.currency.code}".replace(",", " ")
