"""The files of a run: where each lies, and what the columns of its parquet tables are."""
