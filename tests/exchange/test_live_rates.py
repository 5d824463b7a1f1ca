"""Live rates, without the network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import requests

from aliexpress_customs.errors import ExchangeRateError
from aliexpress_customs.exchange import Exchange, LiveRates

DAY = dt.date(2026, 7, 2)
AFTER_HISTORY = dt.date(2090, 1, 2)


def answer(text: str, status: int = 200) -> Callable[..., requests.Response]:
    def get(url: str, params: dict[str, str], timeout: float) -> requests.Response:
        response = requests.Response()
        response.status_code = status
        response._content = text.encode()
        asked.append((url, params, timeout))
        return response

    asked: list[Any] = []
    get.asked = asked  # type: ignore[attr-defined]
    return get


def test_the_rate_is_the_exact_decimal_of_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    get = answer('{"base": "USD", "rates": {"EUR": 0.9212345678901234567}}')
    monkeypatch.setattr(requests, "get", get)
    rate = LiveRates(timeout=3).rate("USD", "EUR", DAY)
    assert rate is not None
    assert rate.rate == Decimal("0.9212345678901234567")
    ((url, params, timeout),) = get.asked  # type: ignore[attr-defined]
    assert url.endswith("/2026-07-02")
    assert params["symbols"] == "EUR"
    assert timeout == 3


@pytest.mark.parametrize(
    "trouble", [requests.Timeout("slow"), requests.ConnectionError("down"), ValueError("no JSON")]
)
def test_a_network_failure_is_a_typed_error(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise trouble

    monkeypatch.setattr(requests, "get", fail)
    with pytest.raises(ExchangeRateError, match="could not be fetched") as caught:
        LiveRates().rate("USD", "EUR", DAY)
    assert caught.value.code == "live_failed"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("down for maintenance", 503),
        ('{"rates": {"EUR": 0}}', 200),
        ('{"rates": {"EUR": -1}}', 200),
    ],
)
def test_a_useless_answer_is_a_typed_error(
    monkeypatch: pytest.MonkeyPatch, text: str, status: int
) -> None:
    monkeypatch.setattr(requests, "get", answer(text, status))
    with pytest.raises(ExchangeRateError, match=f"status {status}"):
        LiveRates().rate("USD", "EUR", DAY)


@pytest.mark.parametrize("text", ["<html>", "[1]", '{"rates": {"EUR": "x"}}', '{"rates": []}'])
def test_an_answer_that_is_no_rate_is_a_typed_error(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(requests, "get", answer(text))
    with pytest.raises(ExchangeRateError, match="could not be fetched"):
        LiveRates().rate("USD", "EUR", DAY)


@pytest.mark.parametrize(("text", "status"), [('{"rates": {}}', 200), ("unknown currency", 400)])
def test_a_currency_the_service_does_not_know_is_no_rate(
    monkeypatch: pytest.MonkeyPatch, text: str, status: int
) -> None:
    monkeypatch.setattr(requests, "get", answer(text, status))
    assert LiveRates().rate("USD", "UYU", DAY) is None


def test_the_network_is_asked_only_when_nothing_else_knows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    get = answer('{"rates": {"EUR": 0.9}}')
    monkeypatch.setattr(requests, "get", get)
    exchange = Exchange.default(live=True)
    exchange.rate("GBP", "AED", DAY)
    assert get.asked == []  # type: ignore[attr-defined]
    assert exchange.rate("USD", "EUR", AFTER_HISTORY).source == "forex-python"


def test_without_asking_for_live_rates_the_network_is_never_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    get = answer('{"rates": {"EUR": 0.9}}')
    monkeypatch.setattr(requests, "get", get)
    with pytest.raises(ExchangeRateError):
        Exchange.default().rate("USD", "EUR", AFTER_HISTORY)
    assert get.asked == []  # type: ignore[attr-defined]
