"""Live rates over the network, through forex-python; used only when asked for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from aliexpress_customs.errors import ExchangeRateError
from aliexpress_customs.exchange.rates import Rate

if TYPE_CHECKING:
    from requests import Response

DEFAULT_TIMEOUT: Final = 10.0
"""Seconds to connect, and again between two packets of the answer."""


class LiveRates:
    """Rates of the service behind forex-python.

    Args:
        timeout: seconds; forex-python itself would wait for ever.
    """

    def __init__(self, timeout: float = DEFAULT_TIMEOUT) -> None:
        self._timeout = timeout

    def rate(self, base: str, quote: str, on: dt.date) -> Rate | None:
        """1 `base` in `quote` on a day; None if the service does not know one of the two.

        Raises:
            ExchangeRateError: the service cannot be reached, is too slow or answers with something
                that is not a rate (`live_failed`).
        """
        import requests  # noqa: PLC0415 - half a second of import nobody else needs

        try:
            response, value, url = self._ask(base, quote, on)
        except (requests.RequestException, ValueError, AttributeError, ArithmeticError) as error:
            raise _failed(f"The live rate {base}/{quote} could not be fetched.") from error
        if response.status_code in {400, 404, 422} or (response.ok and value is None):
            return None
        if not response.ok or value is None or not value.is_finite() or value <= 0:
            raise _failed(f"The live rate service answered with status {response.status_code}.")
        return Rate(
            base=base, quote=quote, rate=value, date=on, source="forex-python", source_url=url
        )

    def _ask(self, base: str, quote: str, on: dt.date) -> tuple[Response, Decimal | None, str]:
        """One request as `CurrencyRates.get_rate` makes it, with a timeout and exact numbers."""
        import requests  # noqa: PLC0415
        from forex_python.converter import CurrencyRates  # noqa: PLC0415

        service: Any = CurrencyRates(force_decimal=True)
        url = f"{service._source_url()}{service._get_date_string(on)}"
        payload = {"base": base, "symbols": quote, "rtype": "fpy"}
        response = requests.get(url, params=payload, timeout=self._timeout)
        value = service._get_decoded_rate(response, quote) if response.ok else None
        return response, None if value is None else Decimal(str(value)), url


def _failed(message: str) -> ExchangeRateError:
    return ExchangeRateError(
        message,
        code="live_failed",
        action='Try again later, or pass rates such as {"USD/EUR": "0.92"}.',
    )
