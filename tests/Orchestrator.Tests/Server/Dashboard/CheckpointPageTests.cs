using System.Collections.Immutable;
using System.Text;
using Hangfire;
using Hangfire.Dashboard;
using Hangfire.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Server.Api;
using Orchestrator.Server.Dashboard;
using Orchestrator.Server.Desk;
using Xunit;

namespace Orchestrator.Tests.Server.Dashboard;

public sealed class CheckpointPageTests
{
    private readonly OneCheckpoint _reader = new();

    [Fact]
    public async Task The_store_is_asked_only_where_a_person_wants_the_files_and_then_not_again_by_itself()
    {
        var page = await PageAsync("");
        Assert.Equal(0, _reader.Asked);
        Assert.Contains("step-000040", page, StringComparison.Ordinal);
        Assert.Contains("/hangfire/training/7/checkpoints/1?files=1", page, StringComparison.Ordinal);
        Assert.Contains("data-changes", page, StringComparison.Ordinal);

        var files = await PageAsync("?files=1");
        Assert.Equal(1, _reader.Asked);
        Assert.Contains("weights &lt;b&gt;.bin", files, StringComparison.Ordinal);
        Assert.DoesNotContain("data-changes", files, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", files, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_told_apart_from_the_database_and_from_a_checkpoint_that_is_gone()
    {
        _reader.Fault = new StoreException(StoreErrorKind.Transient, "lab: no answer from <host>");
        var silent = await PageAsync("?files=1");
        Assert.Contains("The store has not given the list of files: lab: no answer from &lt;host&gt;", silent, StringComparison.Ordinal);
        Assert.Contains("step-000040", silent, StringComparison.Ordinal);

        _reader.Fault = new TimeoutException();
        Assert.Contains("The store does not answer", await PageAsync("?files=1"), StringComparison.Ordinal);
        _reader.Fault = new Npgsql.NpgsqlException("gone");
        Assert.Contains("The database does not answer", await PageAsync("?files=1"), StringComparison.Ordinal);
        Assert.Contains("no such checkpoint", await PageAsync("", number: 2), StringComparison.Ordinal);
    }

    private async Task<string> PageAsync(string query, int number = 1)
    {
        await using var services = new ServiceCollection().AddSingleton<IJobReader>(_reader).BuildServiceProvider();
        using var body = new MemoryStream();
        var http = new DefaultHttpContext { RequestServices = services };
        (http.Request.QueryString, http.Response.Body) = (new QueryString(query), body);
        var routes = new Hangfire.Dashboard.RouteCollection();
        routes.AddRazorPage("/page", _ => new CheckpointPage("7", $"{number}"));
        await routes.FindDispatcher("/page").Item1.Dispatch(new AspNetCoreDashboardContext(new NoStorage(), new DashboardOptions(), http));
        return Encoding.UTF8.GetString(body.ToArray());
    }

    private sealed class NoStorage : JobStorage
    {
        public override IMonitoringApi GetMonitoringApi() => throw new NotSupportedException();

        public override IStorageConnection GetConnection() => throw new NotSupportedException();
    }

    private sealed class OneCheckpoint : IJobReader
    {
        private static readonly CheckpointView _one = new() { Number = 1, Attempt = 1, Ordinal = 4, Entry = "step-000040", Step = 40, Bytes = 5_000, At = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero), State = "committed", ManifestKey = "k" };

        public int Asked { get; private set; }

        public Exception? Fault { get; set; }

        public Task<ImmutableArray<CheckpointView>> CheckpointsAsync(long job, CancellationToken cancellation) => Task.FromResult(ImmutableArray.Create(_one));

        public Task<CheckpointView?> CheckpointAsync(long job, int number, CancellationToken cancellation)
        {
            Asked++;
            return Fault is { } fault ? throw fault : Task.FromResult<CheckpointView?>(_one with { Files = [new("weights <b>.bin", "key", 5_000, "abc")] });
        }

        public Task<ImmutableArray<JobSummary>> ListAsync(JobListQuery query, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<JobDetails?> FindAsync(string idOrName, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ImmutableArray<TimelineEntry>> TimelineAsync(long job, long after, int limit, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ImmutableArray<TimelineEntry>> NewestAsync(long job, int limit, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ImmutableArray<RentedView>> RentedAsync(int most, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<LogSlice> LogAsync(long job, int attempt, long offset, int limit, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<long> LogOffsetAsync(long job, int attempt, DateTimeOffset since, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ImmutableArray<StoredFile>> OutputsAsync(long job, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<Stream?> OpenFileAsync(long job, string key, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
