"""What happens at Discord, and what the app hears of it.

https://docs.discord.com/developers/events/gateway-events
"""

from __future__ import annotations

from tests.fakes.discord import documents, messages, servers, telling
from tests.fakes.discord.records import Channel, Json, Kind, Message, Role
from tests.fakes.discord.world import World


class News:
    """Changes that the app is told of. To change something untold, change the world itself."""

    def __init__(self, there: World) -> None:
        self.there = there

    def tell(self, name: str, said: Json, server: str | None = None) -> None:
        """Any event, as it is."""
        self.there.tell(name, said, server)

    def joins(self, person: str, server: str) -> None:
        """Somebody joined a server."""
        made = self.there.add_member(server, person)
        said = documents.member(self.there, made) | {"guild_id": server}
        self.tell("GUILD_MEMBER_ADD", said, server)

    def leaves(self, person: str, server: str) -> None:
        """Somebody left, or was put out of a server, and so of its threads."""
        del self.there.servers[server].members[person]
        for channel in self.there.channels.values():
            if channel.server == server and channel.thread:
                channel.thread.members.pop(person, None)
        said = {"guild_id": server, "user": documents.user(self.there.users[person])}
        self.tell("GUILD_MEMBER_REMOVE", said, server)

    def renames(self, person: str, server: str, nick: str | None) -> None:
        """Somebody is called otherwise in a server."""
        self.there.servers[server].members[person].nick = nick
        self._member_changed(person, server)

    def gives(self, role: str, person: str, server: str) -> None:
        """Somebody gets a role."""
        self.there.servers[server].members[person].roles.append(role)
        self._member_changed(person, server)

    def takes(self, role: str, person: str, server: str) -> None:
        """Somebody loses a role."""
        self.there.servers[server].members[person].roles.remove(role)
        self._member_changed(person, server)

    def adds_role(self, server: str, name: str, *, permissions: int = 0) -> Role:
        made = self.there.add_role(server, name, permissions=permissions)
        self.tell("GUILD_ROLE_CREATE", {"guild_id": server, "role": documents.role(made)}, server)
        return made

    def changes_role(self, server: str, role: str, *, permissions: int) -> None:
        what = self.there.servers[server].roles[role]
        what.permissions = permissions
        self.tell("GUILD_ROLE_UPDATE", {"guild_id": server, "role": documents.role(what)}, server)

    def removes_role(self, server: str, role: str) -> None:
        there = self.there.servers[server]
        del there.roles[role]
        for member in there.members.values():
            member.roles = [r for r in member.roles if r != role]
        self.tell("GUILD_ROLE_DELETE", {"guild_id": server, "role_id": role}, server)

    def adds_channel(self, server: str, name: str, kind: Kind = Kind.TEXT) -> Channel:
        made = self.there.add_channel(server, name, kind)
        self.tell("CHANNEL_CREATE", documents.channel(self.there, made), server)
        return made

    def renames_channel(self, channel: str, name: str) -> None:
        self.there.channels[channel].name = name
        self.changes_channel(channel)

    def changes_channel(self, channel: str) -> None:
        """Tell how a channel is now, its permissions too."""
        what = self.there.channels[channel]
        self.tell("CHANNEL_UPDATE", documents.channel(self.there, what), what.server)

    def deletes_channel(self, channel: str) -> None:
        """A channel with its threads, or a thread, is gone."""
        servers.remove_channel(self.there, self.there.channels[channel])

    def archives(self, thread: str, *, locked: bool = False) -> None:
        """A thread was archived, by a person or because nobody wrote for long."""
        what = self.there.channels[thread]
        if what.thread:
            what.thread.archived, what.thread.locked = True, locked
            what.thread.changed_at = self.there.clock.now()
        self.tell("THREAD_UPDATE", documents.channel(self.there, what), what.server)

    def adds_bot(self, server: str) -> None:
        """The bot is added to a server; that it is available now is said only of one that was not."""
        self.there.add_member(server, self.there.bot)
        said = telling.server(self.there, self.there.servers[server])
        del said["unavailable"]
        self.tell("GUILD_CREATE", said, server)

    def removes_bot(self, server: str) -> None:
        """The bot is put out of a server."""
        del self.there.servers[server].members[self.there.bot]
        self.tell("GUILD_DELETE", {"id": server}, server)

    def goes_down(self, server: str) -> None:
        """Discord has trouble with a server: it is not available."""
        self.there.servers[server].unavailable = True
        self.tell("GUILD_DELETE", {"id": server, "unavailable": True}, server)

    def comes_back(self, server: str) -> None:
        self.there.servers[server].unavailable = False
        said = telling.server(self.there, self.there.servers[server])
        self.tell("GUILD_CREATE", said, server)

    def renames_server(self, server: str, name: str) -> None:
        self.there.servers[server].name = name
        self.changes_server(server)

    def changes_owner(self, server: str, owner: str) -> None:
        self.there.servers[server].owner = owner
        self.changes_server(server)

    def changes_server(self, server: str) -> None:
        self.tell("GUILD_UPDATE", documents.server(self.there, self.there.servers[server]), server)

    def says(self, person: str, text: str) -> Message:
        """Words to the bot, in their own conversation."""
        return self.writes(person, self.there.direct(person).id, text)

    def writes(self, person: str, channel: str, text: str) -> Message:
        """Words of somebody in any channel."""
        made = self.there.write(channel, person, text)
        messages.written(self.there, made)
        return made

    def _member_changed(self, person: str, server: str) -> None:
        who = self.there.servers[server].members[person]
        said = documents.member(self.there, who) | {"guild_id": server}
        self.tell("GUILD_MEMBER_UPDATE", said, server)
