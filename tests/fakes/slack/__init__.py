"""A Slack that speaks, on loopback: the real slack_sdk and slack_bolt talk to it over sockets."""

from tests.fakes.slack.server import FakeSlack

__all__ = ["FakeSlack"]
