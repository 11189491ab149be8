"""The Latin spellings of names that are kept in another script: made by a sync, kept beside the person.

Only a sync imports this: its tables are megabytes. `core.search.spelt` reads what it makes.
"""
