"""Charts. They know nothing of children: each is given only the columns that it draws."""
