"""Multiple-choice questions, the paper's first preliminary format (appendix B, table 9)."""
