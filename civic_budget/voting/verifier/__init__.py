"""The programs that are copied onto every board; they import nothing of this package."""
