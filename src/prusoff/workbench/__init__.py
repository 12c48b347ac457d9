"""The one place where rooms meet: open, analyse, save."""
