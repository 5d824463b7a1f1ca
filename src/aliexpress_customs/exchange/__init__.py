"""Official exchange rates: given, from tables, from the bundled ECB history, pegged, or live."""

from aliexpress_customs.exchange.chain import Exchange
from aliexpress_customs.exchange.customs_rates import CUSTOMS_RULES, CustomsRule, customs_rule
from aliexpress_customs.exchange.ecb import EcbHistory
from aliexpress_customs.exchange.live import LiveRates
from aliexpress_customs.exchange.pegs import Peg, Pegs, load_pegs
from aliexpress_customs.exchange.rates import GivenRates, Rate, RateSource
from aliexpress_customs.exchange.tables import TableRates

__all__ = [
    "CUSTOMS_RULES",
    "CustomsRule",
    "EcbHistory",
    "Exchange",
    "GivenRates",
    "LiveRates",
    "Peg",
    "Pegs",
    "Rate",
    "RateSource",
    "TableRates",
    "customs_rule",
    "load_pegs",
]
