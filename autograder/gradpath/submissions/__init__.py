"""From files, folders, zips and downloads to the code of one module."""
