using Docker.DotNet.Models;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Engine.Hosts;
using Orchestrator.Engine.Hosts.Docker;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Hosts.Docker;

/// <summary>Questions that are asked of one machine at the same time: each has its own bound, and its own words for what went wrong.</summary>
public sealed class DockerMachineTests
{
    private readonly FakeDocker _docker = new();
    private readonly FakeTimeProvider _time = new();
    private readonly DockerMachine _machine;

    public DockerMachineTests() => _machine = new(new() { Name = "box1", Host = "10.0.0.5", User = "ada" }, _docker.DialAsync, new(1, 44), _time);

    [Fact]
    public async Task An_answer_is_bounded_as_a_whole_while_a_pull_runs_beside_it()
    {
        var pull = Pull();
        var pulling = await _docker.OpenAsync();
        await pulling.BeginAsync();

        var asked = AskAsync();
        var answer = await _docker.OpenAsync();
        await answer.BeginAsync();
        var line = new string(' ', 64 << 10) + "\n";
        for (var sent = 0; sent <= AnswerBound.MostBytes; sent += line.Length)
        {
            await answer.SayAsync(line);
        }

        answer.End();
        Assert.Contains("more than 16 MiB", (await Assert.ThrowsAsync<AgentUnreachableException>(() => asked)).Message, StringComparison.Ordinal);

        pulling.End();
        await pull;
    }

    /// <summary>The end of one pull changes nothing for another one that has no connection yet.</summary>
    [Fact]
    public async Task A_pull_may_say_much_whatever_ended_while_it_waited_for_its_connection()
    {
        var first = Pull();
        var firstPulling = await _docker.OpenAsync();
        await firstPulling.BeginAsync();
        var second = Pull();
        var wanted = await _docker.WantedAsync();
        firstPulling.End();
        await first;

        var pulling = new FakeDocker.Connection();
        wanted.SetResult(pulling);
        await pulling.RequestAsync();
        await pulling.BeginAsync();
        var line = "{\"status\": \"" + new string('x', 64 << 10) + "\"}\n";
        for (var sent = 0; sent <= AnswerBound.MostBytes; sent += line.Length)
        {
            await pulling.SayAsync(line);
        }

        pulling.End();
        await second;
    }

    [Fact]
    public async Task Who_had_a_connection_and_no_answer_is_not_told_of_another_ones_wait_for_one()
    {
        var asked = AskAsync();
        await _docker.OpenAsync();
        var waits = AskAsync();
        await _docker.WantedAsync();

        _time.Advance(TimeSpan.FromSeconds(61));

        Assert.Contains("does not answer within 60 s", (await Assert.ThrowsAsync<HostRefusedException>(() => asked)).Message, StringComparison.Ordinal);
        Assert.Contains("no connection to Docker on box1 became free", (await Assert.ThrowsAsync<AgentUnreachableException>(() => waits)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_a_connection_ended_is_said_of_that_connection()
    {
        var asked = AskAsync();
        var cut = await _docker.OpenAsync();
        var beside = AskAsync();
        var other = await _docker.OpenAsync();
        other.Problems = "docker: not found";

        cut.Problems = "permission denied while trying to connect to the docker API";
        cut.End();
        Assert.Contains("ada may not use Docker on box1", (await Assert.ThrowsAsync<HostRefusedException>(() => asked)).Message, StringComparison.Ordinal);

        await other.BeginAsync();
        await other.SayAsync("{\"ApiVersion\": \"1.44\"}");
        other.End();
        Assert.Equal("1.44", (await beside).APIVersion);
    }

    private Task<VersionResponse> AskAsync() => _machine.AskAsync((docker, bound) => docker.System.GetVersionAsync(bound), CancellationToken.None);

    private Task Pull() => _machine.StreamAsync(
        (docker, bound) => docker.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = "small", Tag = "12" }, null, new Progress<JSONMessage>(), bound), CancellationToken.None);
}
