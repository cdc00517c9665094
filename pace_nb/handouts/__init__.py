"""What is printed and handed round: driver diagrams, the measurement plan, the data requirements, posters."""

from pace_nb.handouts.plans import write_plans
from pace_nb.handouts.render import print_pdf

__all__ = ["print_pdf", "write_plans"]
