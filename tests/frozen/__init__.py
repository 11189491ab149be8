"""What the bot answers, frozen: texts, who asks and where, and the whole answer, as data."""
