using System.Net;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Engine.Http;
using Xunit;

namespace Orchestrator.Tests.Http;

public sealed class PatientClientTests
{
    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.Zero };

    [Fact]
    public async Task What_may_pass_is_tried_again()
    {
        var left = 2;
        var server = new ScriptedHandler(_ => left-- > 0 ? new(HttpStatusCode.ServiceUnavailable) : ScriptedHandler.Text("ok"));
        var answer = SendAsync(server);
        using var found = await PassAsync(answer);

        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Equal(3, server.Asked.Count);
    }

    [Fact]
    public async Task What_will_not_pass_is_handed_on_at_once()
    {
        var server = new ScriptedHandler(_ => new(HttpStatusCode.NotFound));
        using var found = await SendAsync(server);

        Assert.Equal(HttpStatusCode.NotFound, found.StatusCode);
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task Patience_ends_with_the_reason()
    {
        var server = new ScriptedHandler(_ => throw new HttpRequestException("x", new IOException("the line is dead")));
        var gone = await Assert.ThrowsAsync<UnreachableException>(() => PassAsync(SendAsync(server)));

        Assert.Equal("example.org cannot be reached: the line is dead", gone.Message);
        Assert.Equal(4, server.Asked.Count);
    }

    [Fact]
    public async Task A_certificate_is_not_waited_for()
    {
        var server = new ScriptedHandler(_ => throw new HttpRequestException(HttpRequestError.SecureConnectionError, "no trust"));

        await Assert.ThrowsAsync<UnreachableException>(() => SendAsync(server));
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task A_body_without_end_is_not_read_to_it()
    {
        using var client = new PatientClient(new HttpMessageInvoker(new ScriptedHandler(_ => ScriptedHandler.Text(new string('x', 3 << 20)))), _time);
        using var answer = await client.SendAsync(() => new(HttpMethod.Get, "https://example.org/"), default);

        Assert.Contains("more than 2 MB", (await Assert.ThrowsAsync<UnreachableException>(() => client.ReadAsync(answer, 2 << 20, default))).Message, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(ScriptedHandler server)
    {
        using var client = new PatientClient(new HttpMessageInvoker(server), _time);
        return await client.SendAsync(() => new(HttpMethod.Get, "https://example.org/x"), default);
    }

    /// <summary>Lets the fake time run until the call is over.</summary>
    private async Task<T> PassAsync<T>(Task<T> call)
    {
        while (!call.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await call;
    }
}
