"""The parts of each page, one module per notebook: what is said, shown and drawn, for the audience of the extract."""
