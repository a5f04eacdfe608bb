using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Server.Api;
using Orchestrator.Server.Dashboard;
using Orchestrator.Server.Desk;
using Xunit;

namespace Orchestrator.Tests.Server.Dashboard;

public sealed class ChangeMarksTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CountedDesk _desk = new();

    [Fact]
    public async Task However_many_look_the_database_is_asked_once_and_again_after_a_while()
    {
        var marks = new ChangeMarks(_desk, _time);

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => marks.OfAsync(null))), mark => Assert.Equal("all 1", mark));
        Assert.Equal("7 2", await marks.OfAsync(7));
        Assert.Equal("all 1", await marks.OfAsync(null));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("all 3", await marks.OfAsync(null));
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_no_change()
    {
        _desk.Fault = new NpgsqlException("gone");
        Assert.Null(await new ChangeMarks(_desk, _time).OfAsync(null));
    }

    private sealed class CountedDesk : IPageDesk
    {
        private int _asked;

        public Exception? Fault { get; set; }

        public Task<string> MarkAsync(long? job, CancellationToken cancellation) => Fault is { } fault ? throw fault : Task.FromResult($"{(job is { } id ? $"{id}" : "all")} {Interlocked.Increment(ref _asked)}");

        public Task<ImmutableArray<ProgressSample>> CurveAsync(long job, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<CostReply> CostAsync(DateTimeOffset? since, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ImmutableArray<AccountView>> AccountsAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ImmutableArray<PricePoint>> PricesAsync(IReadOnlyCollection<string> gpus, TimeSpan reach, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
