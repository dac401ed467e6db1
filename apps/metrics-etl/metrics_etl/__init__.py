"""Batches of metrics from object storage into the lake: what the Glue job `job.py` runs."""
