using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Engine.Http;
using Orchestrator.Engine.Security;

namespace Orchestrator.Engine.Messages.Channels;

/// <summary>A message as the services want it.</summary>
public static class WebRequests
{
    /// <summary>With the message's number: who is sent one twice can tell.</summary>
    public const string IdHeader = "Orchestrator-Message";

    /// <summary><c>t=SECONDS,v1=HEX</c>: HMAC-SHA256 over <c>SECONDS.BODY</c>, so that neither a forged nor an old message is taken for ours.</summary>
    public const string SignatureHeader = "Orchestrator-Signature";

    /// <summary>Characters of a message of Discord; more is refused.</summary>
    private const int LongestOfDiscord = 2000;

    /// <summary>The same of Telegram.</summary>
    private const int LongestOfTelegram = 4096;

    /// <summary>Bytes; ntfy makes a file of more than 4096.</summary>
    private const int LongestOfNtfy = 3600;

    /// <summary>No character is written as six: services count what they are sent.</summary>
    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int Urgent = 4;

    /// <summary>Null: this way leads through no web server. Throws <see cref="TokenException"/> and <see cref="ChannelException"/>.</summary>
    /// <param name="entry">The channel.</param>
    /// <param name="message">What it carries.</param>
    /// <param name="token">Reads a password or token; given what names it in the configuration.</param>
    /// <param name="now">For the signature.</param>
    public static async Task<HttpRequestMessage?> OfAsync(ChannelEntry entry, Message message, Func<TokenSource, string, Task<string>> token, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(token);
        var setting = $"channels.{entry.Name}";
        switch (entry.Way)
        {
            case ChannelWay.Webhook hook:
                var body = Bytes(AsJson(message));
                var call = Post(hook.Url, body);
                call.Headers.Add(IdHeader, message.Id.ToString(CultureInfo.InvariantCulture));
                if (hook.Key is not null)
                {
                    call.Headers.Add(SignatureHeader, Signature(await token(hook.Key, setting + ".key"), now.ToUnixTimeSeconds(), body));
                }

                return call;
            case ChannelWay.Ntfy ntfy:
                var push = Post(ntfy.Server, new JsonObject
                {
                    ["topic"] = ntfy.Topic, ["title"] = message.Title, ["message"] = CutBytes(message.Text.Length > 0 ? message.Text : message.Title, LongestOfNtfy),
                    ["priority"] = message.Topic is Jobs.NotifyTopics.Attention or Jobs.NotifyTopics.Fail or Jobs.NotifyTopics.Stuck ? Urgent : null,
                });
                push.Headers.Authorization = ntfy.Token is null ? null : new AuthenticationHeaderValue("Bearer", await token(ntfy.Token, setting + ".token"));
                return push;
            case ChannelWay.Slack slack:
                return Post(Address(await token(slack.Url, setting + ".url"), setting), new JsonObject { ["text"] = ForSlack(message) });
            case ChannelWay.Discord discord:
                // Nobody is called by name, whatever a log line says.
                return Post(Address(await token(discord.Url, setting + ".url"), setting), new JsonObject { ["content"] = Cut(Plain(message), LongestOfDiscord), ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() } });
            case ChannelWay.Telegram telegram:
                return Post(new Uri(telegram.Server, $"bot{Uri.EscapeDataString(await token(telegram.Bot, setting + ".bot"))}/sendMessage"), new JsonObject
                {
                    ["chat_id"] = telegram.Chat, ["text"] = Cut(Plain(message), LongestOfTelegram), ["link_preview_options"] = new JsonObject { ["is_disabled"] = true },
                });
            default:
                return null;
        }
    }

    /// <summary>What webhooks and commands get.</summary>
    public static JsonObject AsJson(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new()
        {
            ["id"] = message.Id, ["at"] = message.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), ["topic"] = message.Topic,
            ["job"] = message.Job?.Value, ["title"] = message.Title, ["text"] = message.Text,
        };
    }

    /// <summary>Title and text, where there is one field for both.</summary>
    public static string Plain(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Text.Length == 0 ? message.Title : $"{message.Title}\n{message.Text}";
    }

    /// <summary>Without half a character at its end.</summary>
    internal static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1)] + "…";

    /// <summary>No character of UTF-16 takes more than three bytes.</summary>
    private static string CutBytes(string text, int most) => Encoding.UTF8.GetByteCount(text) <= most ? text : Cut(text, most / 3);

    private static string ForSlack(Message message) =>
        Plain(message).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static HttpRequestMessage Post(Uri url, JsonObject body) => Post(url, Bytes(body));

    private static HttpRequestMessage Post(Uri url, byte[] body) =>
        new(HttpMethod.Post, url) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };

    private static byte[] Bytes(JsonObject body)
    {
        foreach (var empty in body.Where(field => field.Value is null).Select(field => field.Key).ToList())
        {
            body.Remove(empty);
        }

        return Encoding.UTF8.GetBytes(body.ToJsonString(_plain));
    }

    internal static string Signature(string key, long seconds, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds}.")), .. body];
        return string.Create(CultureInfo.InvariantCulture, $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed))}");
    }

    private static Uri Address(string text, string setting) => IsSafe(text, out var url)
        ? url
        : throw new ChannelException($"{setting}.url does not hold an https:// address");

    /// <summary>What is told may be private: plain http is spoken with this machine alone.</summary>
    public static bool IsSafe(string text, out Uri url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url!) && url.UserInfo.Length == 0
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && WebHandlers.IsThisMachine(url.Host)));
}
