"""World Values Survey: respondents' answers, questionnaires, and the tension set."""
