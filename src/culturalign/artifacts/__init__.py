"""The workflow's parquet tables: what their columns are, checked whenever one is written."""
