"""Every error of this library: what is wrong, where, and what to do about it.

All of them derive from `AliExpressCustomsError` and carry the same four facts, so that a batch can
log, count and route them without reading the text. No message contains personal data.
"""

from __future__ import annotations


class AliExpressCustomsError(Exception):
    """Base of all errors raised on purpose.

    Attributes:
        code: stable machine name, such as `unknown_format`.
        message: what is wrong, in one sentence.
        path: where: a file, an order, a line, a key; empty if it concerns the call itself.
        action: what the caller can do about it.
    """

    default_code = "error"

    def __init__(self, message: str, *, code: str = "", path: str = "", action: str = "") -> None:
        super().__init__(message)
        self.code = code or self.default_code
        self.message = message
        self.path = path
        self.action = action

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        remedy = f" {self.action}" if self.action else ""
        return f"{where}{self.message}{remedy}"

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the facts when the error crosses a process boundary."""
        return (_rebuild, (type(self), self.message, self.code, self.path, self.action))

    def as_dict(self) -> dict[str, str]:
        """The four facts, for JSON."""
        return {
            "code": self.code,
            "message": self.message,
            "path": self.path,
            "action": self.action,
        }


def _rebuild(
    kind: type[AliExpressCustomsError], message: str, code: str, path: str, action: str
) -> AliExpressCustomsError:
    return kind(message, code=code, path=path, action=action)


class UsageError(AliExpressCustomsError):
    """The call itself is wrong: an unknown name, a missing or contradictory argument."""

    default_code = "usage"


class ReadError(AliExpressCustomsError):
    """A file cannot be read as the order or invoice it claims to be."""

    default_code = "unreadable"


class UnknownFormatError(ReadError):
    """The content is of no kind this library knows."""

    default_code = "unknown_format"


class AmountError(AliExpressCustomsError):
    """Text that should be an amount of money, a date or a quantity is none."""

    default_code = "bad_amount"


class SplitError(AliExpressCustomsError):
    """An amount cannot be split over parts, for instance because all parts are zero."""

    default_code = "cannot_split"


class ConsignmentError(AliExpressCustomsError):
    """Orders and lines cannot form the consignment asked for."""

    default_code = "bad_consignment"


class DeclarationError(AliExpressCustomsError):
    """A declaration cannot be formed from the data given."""

    default_code = "bad_declaration"


class ExchangeRateError(AliExpressCustomsError):
    """No exchange rate is known for a pair of currencies on a day."""

    default_code = "no_rate"


class RuleTableError(AliExpressCustomsError):
    """A rule table is malformed; the path names file, line and key."""

    default_code = "bad_rule_table"


class ExpressionError(RuleTableError):
    """An expression of a rule table is not part of the language, or cannot be computed."""

    default_code = "bad_expression"


class UnknownDestinationError(AliExpressCustomsError):
    """There is no rule table for a destination."""

    default_code = "unknown_destination"


class TariffError(AliExpressCustomsError):
    """A tariff file or duty expression is malformed."""

    default_code = "bad_tariff"


class ExportError(AliExpressCustomsError):
    """A declaration cannot be written in the format asked for."""

    default_code = "cannot_export"


class ExampleError(AliExpressCustomsError):
    """A worked-example file is malformed."""

    default_code = "bad_example"
