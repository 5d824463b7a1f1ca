"""The engine that applies rules and measures, and its answer."""
