"""Every change of keys, limits, engines, files and batches."""
