"""Commodity codes and the words customs reads."""
