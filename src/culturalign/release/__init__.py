"""Release of adapters: packing, a model card, and a loading test."""
