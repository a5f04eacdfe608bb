using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;
using Xunit;

namespace Orchestrator.Tests.Http;

public sealed class ApiClientTests
{
    private const string Key = "secret-key-1234";

    private static readonly PaceLane _lane = new("all", TimeSpan.FromSeconds(1));

    private readonly OpenPacer _pacer = new();

    [Fact]
    public async Task The_key_is_in_the_header_alone_and_answers_that_repeat_it_lose_it()
    {
        var handler = new ScriptedHandler(_ => ScriptedHandler.Text($$"""{"error":"no {{Key}} here"}""", HttpStatusCode.BadRequest));

        var answer = await Client(handler).SendAsync(new(HttpMethod.Get, "instances?x=1"), default);

        var (_, url, authorization) = Assert.Single(handler.Asked);
        Assert.Equal(("https://api.example.invalid/v1/instances?x=1", "Bearer " + Key), (url.ToString(), authorization));
        Assert.False(answer.IsSuccess);
        Assert.Equal("no *** here", answer.Fields["error"].Text);
        Assert.DoesNotContain(Key, answer.Text, StringComparison.Ordinal);
    }

    /// <summary>A stream of events has no end: what has come in time, or the first bytes of it, is the answer. A cut line may hold half a key.</summary>
    [Theory]
    [InlineData(50, 1 << 20, "data: a\n\ndata: b\n")]
    [InlineData(600_000, 9, "data: a\n\ndata: b\n")]
    public async Task Of_an_answer_without_end_the_beginning_is_read(int milliseconds, int bytes, string read)
    {
        var events = new Pipe();
        await events.Writer.WriteAsync("data: a\n\ndata: b\ndata: secret-ke"u8.ToArray());
        var handler = new ScriptedHandler(_ => new HttpResponseMessage { Content = new StreamContent(events.Reader.AsStream()) });

        var answer = await Client(handler).SendAsync(new(HttpMethod.Get, "logs") { Excerpt = new(TimeSpan.FromMilliseconds(milliseconds), bytes) }, default);

        Assert.Equal(read, answer.Text);
        Assert.True(answer.IsSuccess);
    }

    [Fact]
    public async Task A_refusal_for_the_limit_holds_the_lanes_for_as_long_as_it_says()
    {
        var handler = new ScriptedHandler(_ =>
        {
            var refusal = ScriptedHandler.Text("API requests too frequent", HttpStatusCode.TooManyRequests);
            refusal.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(42));
            return refusal;
        });

        var refused = await Assert.ThrowsAsync<ProviderException>(() => Client(handler).SendAsync(new(HttpMethod.Get, "a") { Lanes = [_lane] }, default));

        Assert.Equal((ProviderErrorKind.RateLimited, TimeSpan.FromSeconds(42)), (refused.Kind, refused.RetryAfter));
        Assert.Contains("too frequent", refused.Message, StringComparison.Ordinal);
        Assert.Equal([("acme", "all", TimeSpan.FromSeconds(42))], _pacer.Held);
    }

    [Theory]
    [InlineData(false, "\"minute\";r=0;t=30", 30)]
    [InlineData(false, "\"minute\";r=1;t=30", null)]
    [InlineData(true, "\"minute\";r=0;t=30", null)]
    public async Task An_answer_that_says_the_limit_is_used_up_holds_the_lanes_but_for_changes(bool changes, string header, int? seconds)
    {
        var handler = new ScriptedHandler(_ =>
        {
            var answer = ScriptedHandler.Text("{}");
            answer.Headers.TryAddWithoutValidation("RateLimit", header);
            return answer;
        });

        Assert.True((await Client(handler).SendAsync(new(HttpMethod.Get, "a") { Lanes = [_lane], Changes = changes }, default)).IsSuccess);

        Assert.Equal(seconds is { } some ? [("acme", "all", TimeSpan.FromSeconds(some))] : [], _pacer.Held);
    }

    [Fact]
    public async Task What_the_pacer_refuses_is_not_sent()
    {
        var handler = new ScriptedHandler(_ => ScriptedHandler.Text("{}"));
        _pacer.Refuses = true;

        var refused = await Assert.ThrowsAsync<ProviderException>(() => Client(handler).SendAsync(new(HttpMethod.Put, "launch") { Changes = true, Lanes = [_lane] }, default));

        Assert.Equal(ProviderErrorKind.RateLimited, refused.Kind);
        Assert.Empty(handler.Asked);
    }

    [Theory]
    [InlineData(true, "nobody knows whether it took effect")]
    [InlineData(false, "connection reset")]
    public async Task Without_an_answer_nobody_knows(bool changes, string words)
    {
        var handler = new ScriptedHandler(_ => throw new HttpRequestException("connection reset while sending " + Key));

        var lost = await Assert.ThrowsAsync<ProviderException>(() => Client(handler).SendAsync(new(HttpMethod.Post, "launch?q=1") { Changes = changes, Body = new JsonObject() }, default));

        Assert.Equal(ProviderErrorKind.Transient, lost.Kind);
        Assert.Contains(words, lost.Message, StringComparison.Ordinal);
        Assert.Contains("POST launch at api.example.invalid", lost.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        var handler = new ScriptedHandler(_ => ScriptedHandler.Text(new string('x', 2000)));

        var lost = await Assert.ThrowsAsync<ProviderException>(() => Client(handler, Options with { MaxAnswer = 1000 }).SendAsync(new(HttpMethod.Get, "a"), default));

        Assert.Contains("longer than 1000 bytes", lost.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html><body>403 Forbidden</body></html>", "a page of HTML, no answer of the API")]
    [InlineData("", "an empty answer")]
    [InlineData("one\n two\t three", "one two three")]
    public async Task Answers_that_are_no_json_have_words_and_no_fields(string body, string words)
    {
        var answer = await Client(new ScriptedHandler(_ => ScriptedHandler.Text(body, HttpStatusCode.BadGateway))).SendAsync(new(HttpMethod.Get, "a"), default);

        Assert.Equal((words, true), (answer.Words, answer.Fields.IsNone));
        Assert.Null(answer.Fields["data"]["id"].Text);
    }

    /// <summary>Values may be keys of instances, and environments.</summary>
    [Theory]
    [InlineData("""{"success": true, "instance_api_key": "hidden"}""", "an answer with success, instance_api_key")]
    [InlineData("""{"success": false, "msg": "no such\n ask", "env": {"TOKEN": "hidden"}}""", "no such ask")]
    [InlineData("""{"error": {"code": "hidden"}}""", "an answer with error")]
    [InlineData("""[{"key": "hidden"}]""", "a list")]
    [InlineData("{}", "an answer with nothing in it")]
    [InlineData("\"too frequent\"", "too frequent")]
    public async Task Of_json_only_what_is_meant_to_be_read_is_shown(string body, string words) =>
        Assert.Equal(words, (await Client(new ScriptedHandler(_ => ScriptedHandler.Text(body))).SendAsync(new(HttpMethod.Get, "a"), default)).Words);

    [Theory]
    [InlineData(ProviderErrorKind.Unauthorized, true, ProviderErrorKind.Unauthorized)]
    [InlineData(ProviderErrorKind.NotFound, false, ProviderErrorKind.Transient)]
    [InlineData(ProviderErrorKind.NotFound, true, ProviderErrorKind.RateLimited)]
    [InlineData(ProviderErrorKind.Transient, true, ProviderErrorKind.RateLimited)]
    public async Task Nothing_is_sent_with_a_key_of_whom_nobody_knows_whether_it_is_ours(ProviderErrorKind said, bool changes, ProviderErrorKind kind)
    {
        var handler = new ScriptedHandler(_ => ScriptedHandler.Text("{}"));
        var client = new ApiClient(new HttpMessageInvoker(handler), "acme", _ => Task.FromResult(Key), Options, _pacer, new Guard(() => throw new ProviderException(said, "no")));

        var refused = await Assert.ThrowsAsync<ProviderException>(() => client.SendAsync(new(HttpMethod.Delete, "instances/7") { Changes = changes }, default));

        Assert.Equal(kind, refused.Kind);
        Assert.Empty(handler.Asked);
    }

    [Fact]
    public async Task Whose_key_it_is_the_api_itself_is_asked()
    {
        var handler = new ScriptedHandler(request => ScriptedHandler.Text(request.RequestUri!.AbsolutePath == "/v1/me" ? """{"id": 7}""" : "{}"));
        var guard = new Guard(() => { });
        var options = Options with { Who = new(new(HttpMethod.Get, "me"), answer => [answer.Fields["id"].Text!]) };

        await new ApiClient(new HttpMessageInvoker(handler), "acme", _ => Task.FromResult(Key), options, _pacer, guard).SendAsync(new(HttpMethod.Get, "a"), default);

        Assert.Equal("7", Assert.Single(guard.Marks));
        Assert.Equal(["/v1/me", "/v1/a"], handler.Asked.Select(asked => asked.Url.AbsolutePath));
    }

    private sealed class Guard(Action say) : IAccountGuard
    {
        public ImmutableArray<string> Marks { get; private set; } = [];

        public async Task RequireAsync(string account, Uri endpoint, string key, bool changes, Func<CancellationToken, Task<ImmutableArray<string>>>? ask, CancellationToken cancellation)
        {
            say();
            Marks = ask is null ? [] : await ask(cancellation);
        }
    }

    private static ApiOptions Options => new() { BaseAddress = new Uri("https://api.example.invalid/v1/") };

    private ApiClient Client(HttpMessageHandler handler, ApiOptions? options = null) => new(new HttpMessageInvoker(handler), "acme", () => Key, options ?? Options, _pacer);
}
