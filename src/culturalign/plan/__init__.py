"""What a run costs before it runs: jobs, GPUs, GPU-hours and disk, by rule and by table."""
