"""Payer policies as dated data: what a payer said it will do, when, where, and by which page we know.

Three clocks: the date of service (which standing holds), the day something was said (`as_of` replays what was known
then), and the state or product an exception is for. A policy changes no price unless a payer is named; one that is
announced, paused or withdrawn is shown and never applied.
"""

from cutis.reference.policies.book import Policies, load_policies
from cutis.reference.policies.policy import Event, Kind, Policy, Standing, Status

__all__ = ["Event", "Kind", "Policies", "Policy", "Standing", "Status", "load_policies"]
