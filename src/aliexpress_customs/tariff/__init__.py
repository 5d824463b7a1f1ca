"""Duty rates by commodity code and origin."""
