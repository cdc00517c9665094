"""How an area's own files become the four tables."""
