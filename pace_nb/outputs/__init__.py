"""What is made of a page besides the page: a workbook of its figures, its charts as pictures, a PDF; and what the index shows of a run.

content    a finished page, read back: its tables, its charts, its marking
workbook   the figures of a page as a workbook
pictures   the charts of a page as SVG and PNG
pdf        pages printed by a browser that is started once
make       all that was asked for, searched before it is written
before     the run before, and what has changed since
sparkline  a series of figures as a small drawing

Everything is made from the finished page and nothing else, so that no file tells more than the page that was searched.
"""
