using System.Collections.Immutable;
using Orchestrator.Engine.Security;

namespace Orchestrator.Engine.Messages.Channels;

/// <summary>How a channel's messages get to people.</summary>
public abstract record ChannelWay
{
    private ChannelWay()
    {
    }

    /// <summary>As <c>channels.NAME.kind</c> says it.</summary>
    public abstract string Kind { get; }

    /// <summary>The message as JSON to an address of one's own.</summary>
    /// <param name="Url">Where.</param>
    /// <param name="Key">What it is signed with; null = it is not.</param>
    public sealed record Webhook(Uri Url, TokenSource? Key) : ChannelWay
    {
        public override string Kind => "webhook";
    }

    /// <param name="Server">ntfy.sh, or one of one's own.</param>
    /// <param name="Topic">What phones subscribe to.</param>
    /// <param name="Token">Null = the topic is open.</param>
    public sealed record Ntfy(Uri Server, string Topic, TokenSource? Token) : ChannelWay
    {
        public override string Kind => "ntfy";
    }

    /// <param name="Url">Of the incoming webhook; whoever knows it may write there.</param>
    public sealed record Slack(TokenSource Url) : ChannelWay
    {
        public override string Kind => "slack";
    }

    /// <param name="Url">Of the channel's webhook; whoever knows it may write there.</param>
    public sealed record Discord(TokenSource Url) : ChannelWay
    {
        public override string Kind => "discord";
    }

    /// <param name="Server">Of the bot API.</param>
    /// <param name="Bot">The bot's token.</param>
    /// <param name="Chat">Number or @name of the chat.</param>
    public sealed record Telegram(Uri Server, TokenSource Bot, string Chat) : ChannelWay
    {
        public override string Kind => "telegram";
    }

    /// <param name="Host">SMTP server.</param>
    /// <param name="Port">465 = TLS from the start; on others it is asked for.</param>
    /// <param name="User">Null = without a login.</param>
    /// <param name="Password">Null = without a login.</param>
    /// <param name="From">Sender.</param>
    /// <param name="To">Recipients.</param>
    public sealed record Email(string Host, int Port, string? User, TokenSource? Password, string From, ImmutableArray<string> To) : ChannelWay
    {
        public override string Kind => "email";
    }

    /// <param name="Line">Program and arguments; it reads the message as JSON.</param>
    public sealed record Command(ImmutableArray<string> Line) : ChannelWay
    {
        public override string Kind => "command";
    }
}
