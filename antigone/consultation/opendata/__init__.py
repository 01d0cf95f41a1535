"""What leaves a consultation: one table of fields (`schema`, `tables`) from which the files are written (`writing`)
and described (`describing`), small counts withheld (`withholding`); and the files of Polis (`polis`)."""
