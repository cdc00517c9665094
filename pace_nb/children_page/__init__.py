"""One page with the timeline of every child of an area: for people entitled to see children, and made only for them.

entries  what the page holds of each child: a row to choose by, and the child's part of the page
pack     those parts compressed, a few at a time, so that thousands weigh no more than a few pictures
make     the page: one file, no network, one script of our own that is allowed by its hash
"""

#: What the page is called, without the ending of its file. No notebook has this name.
CHILDREN = "children"
