"""Extensions for Amazon Connect agents: the domain. Knows no Slack, no Lambda, no environment."""
