"""The same rules over columns of many parcels."""
