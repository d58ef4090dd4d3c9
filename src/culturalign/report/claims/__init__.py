"""The paper's claims, checked against this run's tables."""
