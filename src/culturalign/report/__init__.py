"""Tables, figures, and the report page, from scores only."""
