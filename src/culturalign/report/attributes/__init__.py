"""Tables and figures of psycholinguistic attributes (paper, section 4.2, appendix G)."""
