"""Run the command line with `python -m pace_nb`."""

from pace_nb.cli import main

if __name__ == "__main__":
    main()
