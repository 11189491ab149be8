"""The bot: the edges of the project, where Slack, Lambda and the terminal meet the core."""
