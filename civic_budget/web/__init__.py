"""The Flask kit that every room's views use. Knows no room."""
