using System.Text.Json.Nodes;
using Orchestrator.Engine.Messages;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Engine.Security;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Messages;

public sealed class WebRequestsTests
{
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_795_900_000);
    private static readonly TokenSource _secret = new TokenSource.FromSecret("s");

    [Fact]
    public async Task A_webhook_gets_it_as_json_and_signed()
    {
        using var request = await OfAsync(new ChannelWay.Webhook(new("https://ops.example.org/hook"), _secret), token: "key");
        var body = await request.Content!.ReadAsStringAsync();

        Assert.Equal("""{"id":7,"at":"2026-11-28T21:06:40Z","topic":"fail","job":12,"title":"run #12 failed","text":"exit <1>\n@everyone"}""", body);
        Assert.Equal("7", Assert.Single(request.Headers.GetValues(WebRequests.IdHeader)));
        Assert.Equal(WebRequests.Signature("key", 1_795_900_000, System.Text.Encoding.UTF8.GetBytes(body)), Assert.Single(request.Headers.GetValues(WebRequests.SignatureHeader)));
    }

    [Fact]
    public void The_signature_is_what_openssl_makes_of_seconds_dot_and_body() =>
        Assert.Equal("t=1,v1=2f7ccbd0f043456ad29514b2d24a8aa345ec6673a5db1b44e91c8ac99d1841e3", WebRequests.Signature("Jefe", 1, "x"u8.ToArray()));

    [Fact]
    public async Task Ntfy_gets_title_text_and_urgency()
    {
        using var request = await OfAsync(new ChannelWay.Ntfy(new("https://ntfy.sh/"), "runs", _secret), token: "tk_1");
        var body = await BodyAsync(request);

        Assert.Equal("Bearer tk_1", request.Headers.Authorization!.ToString());
        Assert.Equal(("https://ntfy.sh/", "runs", "run #12 failed", 4), (request.RequestUri!.ToString(), (string?)body["topic"], (string?)body["title"], (int?)body["priority"]));
        using var open = await OfAsync(new ChannelWay.Ntfy(new("https://ntfy.sh/"), "runs", null), Message() with { Topic = NotifyTopics.Finish });
        Assert.Null(open.Headers.Authorization);
        Assert.Null((await BodyAsync(open))["priority"]);
    }

    [Fact]
    public async Task Nobody_is_called_by_a_line_of_a_log()
    {
        using var slack = await OfAsync(new ChannelWay.Slack(_secret), token: "https://hooks.slack.com/services/T/B/x");
        using var discord = await OfAsync(new ChannelWay.Discord(_secret), token: "https://discord.com/api/webhooks/1/x");

        Assert.Equal("run #12 failed\nexit &lt;1&gt;\n@everyone", (string?)(await BodyAsync(slack))["text"]);
        Assert.Equal("https://hooks.slack.com/services/T/B/x", slack.RequestUri!.ToString());
        Assert.Empty((await BodyAsync(discord))["allowed_mentions"]!["parse"]!.AsArray());
    }

    [Fact]
    public async Task What_is_too_long_is_cut_and_no_character_is_halved()
    {
        var message = Message() with { Title = "t", Text = string.Concat(Enumerable.Repeat("\ud83d\ude80", 3000)) };
        using var discord = await OfAsync(new ChannelWay.Discord(_secret), message, "https://discord.com/api/webhooks/1/x");
        using var telegram = await OfAsync(new ChannelWay.Telegram(new("https://api.telegram.org/"), _secret, "-1"), message, "1:x");

        var (shown, sent) = ((string?)(await BodyAsync(discord))["content"], (string?)(await BodyAsync(telegram))["text"]);
        Assert.InRange(shown!.Length, 1990, 2000);
        Assert.InRange(sent!.Length, 4080, 4096);
        Assert.All([shown, sent], text => Assert.DoesNotContain('\ufffd', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text))));
        Assert.Equal("https://api.telegram.org/bot1%3Ax/sendMessage", telegram.RequestUri!.AbsoluteUri);
    }

    [Theory]
    [InlineData("http://hooks.slack.com/services/x")]
    [InlineData("not an address hunter2")]
    public async Task A_secret_that_is_no_safe_address_is_told_without_repeating_it(string secret)
    {
        var refused = await Assert.ThrowsAsync<ChannelException>(() => OfAsync(new ChannelWay.Slack(_secret), token: secret));

        Assert.Contains("channels.c.url does not hold an https:// address", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, refused.Message, StringComparison.Ordinal);
    }

    private static Message Message() => new() { Id = 7, At = _now, Topic = NotifyTopics.Fail, Title = "run #12 failed", Text = "exit <1>\n@everyone", Job = new(12) };

    private static async Task<HttpRequestMessage> OfAsync(ChannelWay way, Message? message = null, string token = "") =>
        await WebRequests.OfAsync(new("c", way), message ?? Message(), (_, _) => Task.FromResult(token), _now) ?? throw new InvalidOperationException("no request");

    private static async Task<JsonNode> BodyAsync(HttpRequestMessage request) => JsonNode.Parse(await request.Content!.ReadAsStringAsync())!;
}
