"""From files of AliExpress orders to `Invoice`: readers, localised text, reconciliation."""
