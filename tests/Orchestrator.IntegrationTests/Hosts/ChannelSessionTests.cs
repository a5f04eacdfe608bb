using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine;
using Orchestrator.Engine.Hosts;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Hosts;

[Collection(PostgresCollection.Name)]
public sealed class ChannelSessionTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_secret_that_is_set_anew_while_the_job_stages_is_masked_in_the_log_of_that_visit()
    {
        var keys = SecretsKeyring.Of(SecretsKey.Generate());
        var secrets = new SecretStore(_database.Source);
        await secrets.SetAsync("hf", () => keys.Seal("hf", "old-token"), default);
        var job = await _database.SubmitAsync(spec: new() { Name = "job", Run = "train", Secrets = ImmutableSortedDictionary<string, string>.Empty.Add("HF_TOKEN", "hf") });
        var held = await _database.LeaseAsync(job);
        Assert.True(await _database.AppendAsync(held, [.. StoreDatabase.Planned(job, held.Now), .. StoreDatabase.Found(held.Now)]));
        await _database.Jobs.ReleaseAsync(held, null, default);
        var lease = await _database.ChannelAsync(job);
        var orders = new OrderSource(_database.Jobs, secrets, keys, NullLogger<OrderSource>.Instance);
        // As the visit begins.
        var redactor = new HostRedactor(await orders.SecretsOfAsync(job, default), 0);
        await using var connection = new Recorded();
        var session = new ChannelSession(
            lease, new ChannelPosition(0, 0), _database.Agents, orders, null!, redactor, new ChannelSignals(), new TickQueue(new NoHangfire(), TimeProvider.System, NullLogger<TickQueue>.Instance),
            connection, new EngineOptions { ServerId = "s", Connection = "" }, NullLogger.Instance);
        using var visit = new CancellationTokenSource();
        var sending = session.SendCommandsAsync(TimeSpan.FromMilliseconds(50), visit.Token);

        await secrets.SetAsync("hf", () => keys.Seal("hf", "new-token"), default);
        await _database.Agents.AddCommandAsync(job, 1, "start", new StartTrainer(), default);
        Assert.Contains("new-token", await connection.NextAsync(), StringComparison.Ordinal);
        await session.HandleAsync(new LogMessage(0, Encoding.UTF8.GetBytes("it is new-token, was old-token\n")), default);

        Assert.Equal("it is *********, was *********\n", Encoding.UTF8.GetString((await _database.Agents.ReadLogAsync(job, 1, 0, 100, default)).Data));
        await visit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    /// <summary>What an agent is sent, line by line.</summary>
    private sealed class Recorded : IAgentConnection
    {
        private readonly Pipe _sent = new();
        private readonly StreamReader _lines;

        public Recorded() => _lines = new StreamReader(_sent.Reader.AsStream());

        public Stream FromAgent => Stream.Null;

        public Stream ToAgent => _sent.Writer.AsStream(leaveOpen: true);

        public async Task<string> NextAsync()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
            return await _lines.ReadLineAsync(limit.Token) ?? "";
        }

        public ValueTask DisposeAsync()
        {
            _lines.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class NoHangfire : Hangfire.IBackgroundJobClient
    {
        public string Create(Job job, IState state) => "";

        public bool ChangeState(string jobId, IState state, string expectedState) => false;
    }
}
