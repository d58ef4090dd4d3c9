"""The configuration: one strict schema, a section a module, and its loader.

Stage modules import only their own section, so that a change of another section's schema
re-runs nothing that does not depend on it.
"""
