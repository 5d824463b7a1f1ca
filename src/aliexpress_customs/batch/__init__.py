"""Many parcels in one go: each declared and estimated by itself, none stops the others."""
