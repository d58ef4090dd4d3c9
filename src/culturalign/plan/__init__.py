"""The cost of a run before it runs: jobs, GPUs, GPU-hours and disk, by rule and by table."""
