"""The tests of the platform."""

import gc

# A tenth of all time went into looking for garbage among modules and mappers, which live to the end.
gc.set_threshold(20_000, 20, 20)
