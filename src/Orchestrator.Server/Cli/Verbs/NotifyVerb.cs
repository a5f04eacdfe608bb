using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>notify</c>: through which channels people are told.</summary>
internal static class NotifyVerb
{
    internal static Command Create(Terminal terminal)
    {
        var group = new Command("notify", "List and try the channels through which you are told");
        group.Subcommands.Add(Verb.Create(
            "list", "List the channels of orchestrator.yaml, and whether messages get through", terminal,
            Verb.Show<ImmutableArray<ChannelView>>(_ => "channels", (_, channels) => Tables.Channels(channels, terminal.Width, terminal.Paint))));
        group.Subcommands.Add(TestVerb.Create(
            "Send a message for trying through a channel, or all", terminal, "channels",
            () => Tables.Channels([], terminal.Width, terminal.Paint)));
        return group;
    }
}
