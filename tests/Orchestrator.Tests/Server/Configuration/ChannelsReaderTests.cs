using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Engine.Security;
using Orchestrator.Jobs;
using Orchestrator.Server.Configuration;
using Xunit;

namespace Orchestrator.Tests.Server.Configuration;

public sealed class ChannelsReaderTests
{
    [Fact]
    public void Every_kind_is_read()
    {
        var channels = ServerConfigurationReader.Read("""
            channels:
              phone: {kind: ntfy, topic: runs-7f3a}
              home: {kind: ntfy, topic: runs, server: "http://127.0.0.1:8080", token: {env: NTFY}}
              team: {kind: slack, url: {secret: slack}}
              game: {kind: discord, url: {file: /etc/discord}}
              bot: {kind: telegram, bot: {secret: bot}, chat: "-100123"}
              mail: {kind: email, server: smtp.example.org:465, user: me, password: {secret: smtp}, from: a@example.org, to: [b@example.org, c@example.org]}
              relay: {kind: email, server: localhost, from: a@example.org, to: b@example.org}
              ops: {kind: webhook, url: https://ops.example.org/hook?x=1, key: {secret: hook}}
              script: {kind: command, run: [/bin/tell, -v]}
            """, "orchestrator.yaml").Channels;

        Assert.Equal(["phone", "home", "team", "game", "bot", "mail", "relay", "ops", "script"], channels.Select(channel => channel.Name));
        Assert.Equal<ChannelWay>(
            [
                new ChannelWay.Ntfy(new("https://ntfy.sh/"), "runs-7f3a", null),
                new ChannelWay.Ntfy(new("http://127.0.0.1:8080/"), "runs", new TokenSource.FromEnvironment("NTFY")),
                new ChannelWay.Slack(new TokenSource.FromSecret("slack")),
                new ChannelWay.Discord(new TokenSource.FromFile("/etc/discord")),
                new ChannelWay.Telegram(new("https://api.telegram.org/"), new TokenSource.FromSecret("bot"), "-100123"),
            ],
            channels.Take(5).Select(channel => channel.Way));
        var (mail, relay) = (Assert.IsType<ChannelWay.Email>(channels[5].Way), Assert.IsType<ChannelWay.Email>(channels[6].Way));
        Assert.Equal(("smtp.example.org", 465, "me", "a@example.org"), (mail.Host, mail.Port, mail.User, mail.From));
        Assert.Equal<string>(["b@example.org", "c@example.org"], mail.To);
        Assert.Equal(("localhost", 587, null, null), (relay.Host, relay.Port, relay.User, relay.Password));
        Assert.Equal(new ChannelWay.Webhook(new("https://ops.example.org/hook?x=1"), new TokenSource.FromSecret("hook")), channels[7].Way);
        Assert.Equal<string>(["/bin/tell", "-v"], Assert.IsType<ChannelWay.Command>(channels[8].Way).Line);
        Assert.All(channels, channel => Assert.True(channel is { IsDefault: true, Quiet: null }));
    }

    [Fact]
    public void What_it_is_told_and_when_is_read()
    {
        var channel = Assert.Single(ServerConfigurationReader.Read("channels: {night: {kind: ntfy, topic: x, on: [fail, attention], default: no, quiet: \"23:00..07:00\"}}\n", "orchestrator.yaml").Channels);

        Assert.Equal<string>(["fail", "attention"], channel.On);
        Assert.False(channel.IsDefault);
        Assert.Equal(new ClockWindow(new(23, 0), new(7, 0)), channel.Quiet);
    }

    [Theory]
    [InlineData("{topic: x}", "channels.a needs kind: webhook, ntfy,")]
    [InlineData("{kind: pager}", "channels.a.kind must be webhook, ntfy,")]
    [InlineData("{kind: ntfy}", "channels.a needs topic")]
    [InlineData("{kind: ntfy, topic: x, chat: y}", "a channel of kind ntfy has no chat")]
    [InlineData("{kind: ntfy, topic: x, server: \"http://ntfy.example.org\"}", "must be https://")]
    [InlineData("{kind: slack, url: \"https://hooks.slack.com/services/hunter2\"}", "must not stand here")]
    [InlineData("{kind: telegram, bot: {secret: bot}}", "channels.a needs chat")]
    [InlineData("{kind: telegram, chat: me}", "channels.a needs bot")]
    [InlineData("{kind: email, server: \"smtp:many\", from: a@b.org, to: [c@d.org]}", "must be HOST or HOST:PORT")]
    [InlineData("{kind: email, server: smtp, from: nobody here, to: [c@d.org]}", "must be e-mail addresses")]
    [InlineData("{kind: email, server: smtp, user: me, from: a@b.org, to: [c@d.org]}", "both user and password")]
    [InlineData("{kind: webhook, url: \"https://me:hunter2@ops.example.org\"}", "without a login in it")]
    [InlineData("{kind: command, run: tell}", "absolute path")]
    [InlineData("{kind: ntfy, topic: x, on: [everything]}", "\"everything\" is none of start,")]
    [InlineData("{kind: ntfy, topic: x, quiet: night}", "must be hours of the day")]
    [InlineData("{kind: ntfy, topic: x, volume: 11}", "unknown key")]
    public void What_is_wrong_is_told_without_repeating_a_secret(string entry, string words)
    {
        var error = Assert.Throws<ConfigurationException>(() => ServerConfigurationReader.Read($"channels:\n  a: {entry}\n", "orchestrator.yaml"));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }
}
