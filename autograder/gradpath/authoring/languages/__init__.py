"""The course in other languages: catalogues that Babel keeps up to date, and the check of them."""
