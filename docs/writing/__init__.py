"""One module for each page that is written by machine; each has a function that returns the page as text."""
