"""Pictures of the bot's messages, drawn from the Block Kit that it sends: `make pictures`."""
