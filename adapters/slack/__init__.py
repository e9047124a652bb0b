"""Slack: the port on slack-bolt, over Socket Mode or HTTP."""
