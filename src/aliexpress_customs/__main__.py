"""`python -m aliexpress_customs`."""

from aliexpress_customs.cli import main

if __name__ == "__main__":
    main()
