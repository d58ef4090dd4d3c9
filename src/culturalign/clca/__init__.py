"""CLCA: culture learned from role-played social interaction (Liu et al. 2025, ACL)."""
