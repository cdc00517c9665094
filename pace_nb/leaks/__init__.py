"""Whether a file that was made tells of a child by number, label or date of birth.

secrets   what must not be found: taken from an extract
pdf       the letters of a PDF
texts     every text that a file holds, also inside archives, pictures, notebooks and data addresses
scan      the search, of a text, a file or a folder
"""

from pace_nb.leaks.scan import Leak, scan_bytes, scan_file, scan_folder, scan_text
from pace_nb.leaks.secrets import Secrets, gather_secrets

__all__ = ["Leak", "Secrets", "gather_secrets", "scan_bytes", "scan_file", "scan_folder", "scan_text"]
