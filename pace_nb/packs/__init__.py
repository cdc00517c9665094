"""Packs for learning events: the protected numbers of one area, as a page that needs no server and as data for a dashboard.

records  what a pack holds, and its file
protect  every group, year and sum of an aim under one audit
build    from an extract to a pack
words    what is said of it, on the page and on the screen alike
"""

from pace_nb.packs.build import build_pack
from pace_nb.packs.records import ALL, Pack, read_pack, to_json

__all__ = ["ALL", "Pack", "build_pack", "read_pack", "to_json"]
