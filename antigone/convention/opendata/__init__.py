"""A convention as open data: one table of fields (`tables`) from which the files are written (`writing`), described
(`describing`), read (`parsing`) and built again (`building`). Only what is public ever enters these tables."""
