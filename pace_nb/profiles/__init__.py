"""How an area's own files become the four tables: a profile says it, as TOML beside them.

records: what a profile holds. apply: the files read by it. derive: facts that follow from others.
"""

from pace_nb.files import PROFILE as NAME
from pace_nb.profiles.apply import apply_profile
from pace_nb.profiles.derive import derive_events
from pace_nb.profiles.records import Profile, read_profile

__all__ = ["NAME", "Profile", "apply_profile", "derive_events", "read_profile"]
