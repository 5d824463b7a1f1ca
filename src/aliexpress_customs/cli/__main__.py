"""`python -m aliexpress_customs.cli`."""

from aliexpress_customs.cli import main

main()
