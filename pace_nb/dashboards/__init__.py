"""Dashboards: notebooks shown by Voila to people who see no code, safe by default and quick for a room of sixty."""
