"""The synthetic world of the demo: simulated respondents, survey, and word norms."""
