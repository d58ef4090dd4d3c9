"""Psycholinguistic attributes of associations: paper, section 4.2 and appendix G."""
