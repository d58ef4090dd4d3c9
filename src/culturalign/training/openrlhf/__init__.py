"""Full-parameter PPO with OpenRLHF 0.11.2 (paper, section 3.4, appendix D, table 11)."""
