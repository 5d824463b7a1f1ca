"""From order files or a manifest to a declaration and an estimate of every parcel in them.

Orders that name parcels are divided into these, orders that share a tracking number travel
together, all others are a parcel each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from os import PathLike
from pathlib import Path
from typing import Any

from aliexpress_customs import api
from aliexpress_customs.batch.result import ParcelResult, error_finding
from aliexpress_customs.commodity.catalogue import Catalogue
from aliexpress_customs.consignment.model import Consignment
from aliexpress_customs.declaration.items import Describe
from aliexpress_customs.declaration.lookup import any_case, entries_for
from aliexpress_customs.errors import AliExpressCustomsError, UsageError
from aliexpress_customs.estimate.estimate import TRANSPORTS, check_transport, estimate
from aliexpress_customs.exchange import Exchange
from aliexpress_customs.invoice.files import Progress
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.profiles import Profile, load_profile
from aliexpress_customs.invoice.read import Readings, read_report
from aliexpress_customs.invoice.table_import import import_report

Mapped = str | PathLike[str] | Mapping[str, object] | Profile
Table = Mapping[str, Any]


def batch(
    source: Readings | Sequence[Invoice],
    destination: str | None = None,
    *,
    on: dt.date | None = None,
    mapping: Mapped | None = None,
    hs_codes: Mapping[str, str] | None = None,
    catalogue: Catalogue | str | Path | None = None,
    describe: Describe | None = None,
    rates: api.Rates | None = None,
    exchange: Exchange | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Iterator[ParcelResult]:
    """Declare and estimate every parcel of many orders; an error stops one parcel, not the rest.

    Results come one by one, in the order of the input, what could not be read first; nothing is
    left out: whatever happens to a parcel, there is a result that says so.

    Args:
        source: what `read` takes, or orders that were read already.
        destination: ISO 3166-1 alpha-2 of all parcels; default: each order's own address.
        on: day of clearance; default today.
        mapping: the columns of a manifest, as for `import_table`, if the source is one.
        hs_codes: as for `declare`, for all parcels; wins over the manifest.
        catalogue: as for `declare`.
        describe: as for `declare`.
        rates: as for `estimate`.
        exchange: as for `estimate`.
        progress: called after each order, or orders that share a parcel, with done, all and name.
        options: as for `estimate`; without `lineage=True` charges carry no base and formula.

    Raises:
        UsageError: an argument that holds for all parcels is wrong.

    >>> [one.outcome for one in batch(api.sample_order(), "JP", on=dt.date(2026, 10, 2))]
    ['estimated']
    """
    _check(options)
    orders, unread, told = _orders(source, mapping)
    tables = {name: (table,) for name, table in told.items()}
    if hs_codes:
        tables["hs_codes"] = (any_case(hs_codes), *tables.get("hs_codes", ()))
    if isinstance(catalogue, str | Path):
        catalogue = Catalogue(catalogue)
    if rates and exchange is None:
        rates, exchange = None, Exchange.default(rates=rates)
    how = _How(
        destination,
        on or dt.date.today(),  # noqa: DTZ011 - a calendar day, not an instant
        tables,
        {"catalogue": catalogue, "describe": describe},
        {"lineage": False, "rates": rates, "exchange": exchange, **options},
    )
    return _results(orders, unread, how, progress)


def _check(options: Mapping[str, Any]) -> None:
    """Refuse what is wrong for every parcel before the first one."""
    known = [one for one in signature(estimate).parameters if one not in {"declaration", "on"}]
    if unknown := sorted(options.keys() - set(known)):
        raise UsageError(
            f"There is no option {', '.join(unknown)[:60]}.",
            code="unknown_option",
            path="options",
            action=f"The options are: {', '.join(known)}.",
        )
    check_transport(options.get("transport", TRANSPORTS[0]))


@dataclass(frozen=True, slots=True)
class _How:
    """What holds for all parcels."""

    destination: str | None
    on: dt.date
    tables: Mapping[str, Sequence[Table]]
    """What is said of single lines, by argument of `declare`; the table that wins first."""
    declaring: Mapping[str, Any]
    estimating: Mapping[str, Any]


def _orders(
    source: Readings | Sequence[Invoice], mapping: Mapped | None
) -> tuple[list[Invoice], list[AliExpressCustomsError], Mapping[str, Table]]:
    """Orders, what could not be read, and what a manifest says of their lines."""
    if mapping is not None:
        if not isinstance(source, str | bytes | PathLike):
            raise UsageError("A mapping is for one table.", path="mapping", action="Name one file.")
        profile = load_profile(mapping)
        try:
            table = import_report(source, profile)
        except AliExpressCustomsError as error:
            return [], [error], {}
        return table.invoices, table.errors, table.for_declare()
    if isinstance(source, list | tuple):
        orders = [one for one in source if isinstance(one, Invoice)]
        if len(orders) == len(source):
            return orders, [], {}
    report = read_report(source)
    return report.invoices, report.errors, {}


def _together(orders: Iterable[Invoice]) -> list[list[Invoice]]:
    """The orders in groups that share a parcel, by tracking number."""
    groups: dict[int, list[Invoice]] = {}
    of_number: dict[str, int] = {}
    for number, order in enumerate(orders):
        tracked = {parcel.tracking for parcel in order.parcels if parcel.tracking}
        joined = sorted({of_number[one] for one in tracked if one in of_number})
        first, *others = joined or [number]
        groups.setdefault(first, []).append(order)
        for other in others:
            groups[first] += groups.pop(other)
            of_number |= {one: first for one, group in of_number.items() if group == other}
        of_number |= dict.fromkeys(tracked, first)
    return list(groups.values())


def _results(
    orders: Iterable[Invoice],
    unread: Iterable[AliExpressCustomsError],
    how: _How,
    progress: Progress | None,
) -> Iterator[ParcelResult]:
    for error in unread:
        yield ParcelResult(parcel=error.path or "input", error=error_finding(error))
    groups = _together(orders)
    for done, group in enumerate(groups, start=1):
        names = tuple(order.order_id for order in group if order.order_id)
        label = "+".join(names) or group[0].source.file or "order"
        try:
            consignments = api.consign_parcels(group, how.destination)
        except Exception as error:  # noqa: BLE001 - told in the result; the others go on
            consignments = []
            yield ParcelResult(parcel=label, order_ids=names, error=error_finding(error))
        for consignment in consignments:
            yield _result(consignment, label, how)
        if progress is not None:
            progress(done, len(groups), label)


def _result(consignment: Consignment, label: str, how: _How) -> ParcelResult:
    declaration = answer = wrong = None
    told = {name: entries_for(consignment.lines, *known) for name, known in how.tables.items()}
    try:
        declaration = api.declare(consignment, on=how.on, **told, **how.declaring)
        answer = api.estimate(declaration, how.on, **how.estimating)
    except Exception as error:  # noqa: BLE001 - told in the result; the others go on
        wrong = error_finding(error)
    return ParcelResult(
        parcel=consignment.tracking_number or label,
        order_ids=consignment.order_ids,
        declaration=declaration,
        estimate=answer,
        error=wrong,
    )
