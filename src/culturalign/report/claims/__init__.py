"""The paper's claims, checked on this run's tables."""
