using System.Text.Json.Nodes;
using Orchestrator.Engine.Messages;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Engine.Security;
using Xunit;

namespace Orchestrator.IntegrationTests.Messages;

public sealed class MessageSenderTests : IDisposable
{
    private static readonly Message _message = new() { Id = 7, At = new(2026, 11, 28, 3, 0, 0, TimeSpan.Zero), Topic = "fail", Title = "läuft #12 failed", Text = "exit 1\n.\nend" };

    private readonly MessageSender _sender = new(new TokenReader((_, _) => Task.FromResult<string?>(null), _ => null), TimeProvider.System);
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-tell-").FullName;

    public void Dispose()
    {
        _sender.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_mail_has_title_and_text()
    {
        await using var server = new MailServer();
        await SendAsync(new ChannelWay.Email("127.0.0.1", server.Port, null, null, "a@example.org", ["b@example.org", "c@example.org"]));

        Assert.Contains("RCPT TO:<c@example.org>", server.Said.Select(line => line.Split(" NOTIFY")[0]));
        Assert.Contains(server.Said, line => line.StartsWith("Subject: ", StringComparison.Ordinal));
        Assert.Contains("Message-Id: <7.1795834800@orchestrator.invalid>", server.Said);
        // A line with nothing but a dot would end the mail.
        Assert.Equal(["exit 1", "..", "end", "."], server.Said.SkipWhile(line => line != "exit 1").Take(4));
    }

    [Fact]
    public async Task A_mail_that_is_refused_says_why()
    {
        await using var server = new MailServer { Refusal = "550 no such mailbox" };
        var refused = await Assert.ThrowsAsync<ChannelException>(() => SendAsync(new ChannelWay.Email("127.0.0.1", server.Port, null, null, "a@example.org", ["b@example.org"])));

        Assert.Contains("no such mailbox", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_reads_it_as_json()
    {
        var file = Path.Combine(_folder, "got");
        await SendAsync(new ChannelWay.Command(["/bin/sh", "-c", "cat >\"$1\"", "sh", file]));

        var got = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        Assert.Equal((7, "läuft #12 failed", "exit 1\n.\nend"), ((int?)got["id"], (string?)got["title"], (string?)got["text"]));
    }

    [Theory]
    [InlineData("exit 3", "/bin/sh ends with 3")]
    [InlineData("exec 0<&-; echo no >&2; exit 1", "/bin/sh ends with 1: no")]
    public async Task A_command_that_fails_says_why(string script, string words)
    {
        var failed = await Assert.ThrowsAsync<ChannelException>(() => SendAsync(new ChannelWay.Command(["/bin/sh", "-c", script])));

        Assert.Contains(words, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_and_a_secret_that_is_missing_are_told()
    {
        Assert.Contains("/nowhere/tell", (await Assert.ThrowsAsync<ChannelException>(() => SendAsync(new ChannelWay.Command(["/nowhere/tell"])))).Message, StringComparison.Ordinal);
        Assert.Contains("there is no secret \"x\"", (await Assert.ThrowsAsync<ChannelException>(() => SendAsync(new ChannelWay.Slack(new TokenSource.FromSecret("x"))))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_told_without_the_rest_of_the_address()
    {
        var refused = await Assert.ThrowsAsync<ChannelException>(() => SendAsync(new ChannelWay.Webhook(new("http://127.0.0.1:9/hunter2"), null)));

        Assert.Contains("127.0.0.1 cannot be reached", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
    }

    private Task SendAsync(ChannelWay way) => _sender.SendAsync(new("c", way), _message, default);
}
