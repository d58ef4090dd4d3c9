"""World Values Survey: human answers, questionnaires, model answers and their distances."""
