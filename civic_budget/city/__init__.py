"""The city itself: districts, streets, places, assistance points, and the pages that explain all."""
