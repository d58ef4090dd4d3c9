"""Tables of role-played dialogues and persona answers."""
