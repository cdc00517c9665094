"""The batch: every notebook for every area, as HTML pages with an index and a manifest.

order     what is asked for, on the command line or in a batch file
resume    what an earlier run left, and whether anything is to do
software  what could change a page besides the records
plan      which notebooks run for which area of which extract
make      one order from beginning to end
claim     one writer for each output folder
journal   what happens, a line at a time
workers   processes that make pages, and what becomes of a page when one of them dies
cluster   the same on a Dask cluster
one       one run: papermill, the page, the search for what it must not tell; nothing appears before it is whole
execute   everything that is planned, whoever makes it
back_test the last run's figures, worked out again from the records of now
places    folders that lie elsewhere: an object store, a server
export    an executed notebook as one HTML file that needs no network and no script
publish   the index and the manifest

Nothing is imported here, so that a run in which nothing is to do never waits for what only pages need.
"""
