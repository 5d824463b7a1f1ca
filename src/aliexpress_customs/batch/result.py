"""What became of one parcel of a batch."""

from __future__ import annotations

from typing import Literal

from pydantic import computed_field

from aliexpress_customs.consignment.selection import NOTHING_TO_SEND
from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.errors import AliExpressCustomsError
from aliexpress_customs.estimate.model import Estimate
from aliexpress_customs.model import Finding, Model

ParcelOutcome = Literal["complete", "estimated", "refused", "not_sent", "failed"]
"""An estimate's outcome; `not_sent`: the orders are cancelled, expired or unpaid."""


class ParcelResult(Model):
    """A parcel of a batch: its declaration and estimate, or what went wrong."""

    parcel: str
    """Tracking number, else the orders in it, else where it was read; never empty."""
    order_ids: tuple[str, ...] = ()
    declaration: Declaration | None = None
    """None if it could not be read, consigned or declared: see `error`."""
    estimate: Estimate | None = None
    error: Finding | None = None
    """What went wrong, where and what to do."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def outcome(self) -> ParcelOutcome:
        """The estimate's outcome; where there is none, `failed` or `not_sent`."""
        if self.estimate is not None:
            return self.estimate.outcome
        return "not_sent" if self.error and self.error.code == NOTHING_TO_SEND else "failed"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All there is to know of the parcel: the error, the declaration's and the estimate's."""
        return (
            *((self.error,) if self.error else ()),
            *(self.declaration.findings if self.declaration else ()),
            *(self.estimate.reasons if self.estimate else ()),
        )


def error_finding(error: Exception, path: str = "") -> Finding:
    """An error as a finding; of one we did not foresee only the kind, it may quote the data.

    Args:
        error: what stopped a parcel, or one of its files.
        path: where, if the error does not say.
    """
    if isinstance(error, AliExpressCustomsError):
        facts = error.as_dict()
        return Finding(**{**facts, "path": facts["path"] or path}, severity="error")
    return Finding(
        code="internal_error",
        message=f"The library stopped on an error of its own ({type(error).__name__}).",
        action="Report it with an anonymised order file.",
        path=path,
        severity="error",
    )
