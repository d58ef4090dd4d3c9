"""Word norms: ratings of valence, arousal, and concreteness, on common scales."""
