"""Tables and figures of survey answers (paper, section 5)."""
