using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Engine.Security;

namespace Orchestrator.Server.Configuration;

/// <summary>What each kind of channel needs; which fields were asked for is kept, so that the rest can be refused.</summary>
internal sealed class ChannelWays(ConfigurationNode node, string kind, IReadOnlyDictionary<string, ConfigurationNode> fields)
{
    private const int Smtp = 587;

    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Null when it has errors; they are noted.</summary>
    public ChannelWay? Read() => kind switch
    {
        "webhook" => Needed("url", "https://ops.example.org/hook") is { } url && Address(url) is { } at && Optional("key", TokenSourceReader.Read) is (true, var key) ? new ChannelWay.Webhook(at, key) : null,
        "ntfy" => Needed("topic", "some-long-name-of-yours")?.Text() is { } topic && Server("https://ntfy.sh/") is { } at && Optional("token", TokenSourceReader.Read) is (true, var token)
            ? new ChannelWay.Ntfy(at, topic, token)
            : null,
        "slack" => Secret("url") is { } url ? new ChannelWay.Slack(url) : null,
        "discord" => Secret("url") is { } url ? new ChannelWay.Discord(url) : null,
        "telegram" => Telegram(),
        "email" => Email(),
        _ => Needed("run", "[/usr/local/bin/tell]") is { } run ? Command(run) : null,
    };

    public void RefuseTheRest(params string[] common)
    {
        foreach (var (name, field) in fields.Where(field => !_asked.Contains(field.Key) && !common.Contains(field.Key)))
        {
            field.Error($"{node.Path}: a channel of kind {kind} has no {name}; take it out");
        }
    }

    private ChannelWay.Telegram? Telegram()
    {
        var bot = Secret("bot");
        var chat = Needed("chat", "\"12345678\"")?.Text();
        return Server("https://api.telegram.org/") is { } at && bot is not null && chat is not null ? new(at, bot, chat) : null;
    }

    private ChannelWay.Email? Email()
    {
        var server = Needed("server", "smtp.example.org:587");
        var from = Needed("from", "me@example.org");
        var to = Needed("to", "[me@example.org]");
        _asked.UnionWith(["user", "password"]);
        if (server?.Text() is not { } text || from is null || to is null || Mailboxes(from) is not [var sender] || Mailboxes(to) is not { IsEmpty: false } recipients)
        {
            return null;
        }

        var user = fields.GetValueOrDefault("user")?.Text();
        var (isRead, password) = Optional("password", TokenSourceReader.Read);
        if (user is null != password is null)
        {
            node.Error($"{node.Path} needs both user and password, or neither");
            return null;
        }

        var port = Smtp;
        if (!isRead || text.Split(':') is not [var host, .. var rest] || host.Length == 0 || rest.Length > 1
            || (rest is [var number] && !(int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and < 65536)))
        {
            server.Error($"{server.Path} must be HOST or HOST:PORT; for example smtp.example.org:587");
            return null;
        }

        return new(host, port, user, password, sender, recipients);
    }

    private static ChannelWay.Command? Command(ConfigurationNode run)
    {
        ImmutableArray<string> line = [.. run.Texts()];
        if (line is [var program, ..] && Path.IsPathRooted(program))
        {
            return new(line);
        }

        run.Error($"{run.Path} must be a list of an absolute path and arguments; for example [/usr/local/bin/tell, --quiet]");
        return null;
    }

    private static ImmutableArray<string> Mailboxes(ConfigurationNode field)
    {
        ImmutableArray<string> boxes = [.. field.Texts()];
        if (boxes.All(box => MimeKit.MailboxAddress.TryParse(box, out _)))
        {
            return boxes;
        }

        field.Error($"{field.Path} must be e-mail addresses; for example me@example.org");
        return [];
    }

    private ConfigurationNode? Needed(string name, string example)
    {
        _asked.Add(name);
        if (fields.GetValueOrDefault(name) is { } field)
        {
            return field;
        }

        node.Error($"{node.Path} needs {name}; for example {name}: {example}");
        return null;
    }

    private TokenSource? Secret(string name) => Needed(name, $"{{secret: {kind}-{name}}}") is { } field ? TokenSourceReader.Read(field) : null;

    /// <returns>False when it is there and cannot be read.</returns>
    private (bool IsGood, T? Value) Optional<T>(string name, Func<ConfigurationNode, T?> read)
        where T : class
    {
        _asked.Add(name);
        return fields.GetValueOrDefault(name) is not { } field ? (true, null) : read(field) is { } value ? (true, value) : (false, null);
    }

    private Uri? Server(string otherwise) => Optional("server", Address) is (true, var given) ? given ?? new Uri(otherwise) : null;

    private static Uri? Address(ConfigurationNode field)
    {
        if (field.Text() is not { } text)
        {
            return null;
        }

        if (WebRequests.IsSafe(text, out var url))
        {
            return url;
        }

        field.Error($"{field.Path} must be https://... (http:// for this machine only), without a login in it");
        return null;
    }
}
