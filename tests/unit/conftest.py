"""Properties have no deadline: how fast a machine is decides no test."""

from hypothesis import settings

settings.register_profile("any_machine", deadline=None)
settings.load_profile("any_machine")
