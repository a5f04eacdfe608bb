using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.S3;
using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;
using Orchestrator.Tests.Artifacts;
using Xunit;

namespace Orchestrator.Tests.Submitting;

public sealed class SensitivePlacesTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();
    private readonly StoreSet _stores;

    public SensitivePlacesTests() => _stores = new(
        StoreSet.BuiltIn,
        [
            new(StoreSet.BuiltIn, _temporary.Store, "", "folder"),
            new("open", Bucket("http://10.0.0.5:9000"), "", "plain http"),
            new("here", Bucket("http://127.0.0.1:9000"), "", "on this machine"),
            new("tls", Bucket("https://store.example.org"), "", "https"),
        ],
        bucket => Bucket(null));

    [Theory]
    [InlineData("folder")]
    [InlineData("here/x/")]
    [InlineData("tls/x/")]
    [InlineData("s3://other/x/")]
    [InlineData("hf://owner/name")]
    public void Stores_that_nobody_reads_on_the_way_will_do(string place) => Assert.Empty(Problems(sensitive: true, place));

    [Fact]
    public void A_store_over_plain_http_is_refused_for_a_sensitive_job_alone()
    {
        var problem = Assert.Single(Problems(sensitive: true, "open/x/"));

        Assert.Equal((Severity.Error, "checkpoints.to"), (problem.Severity, problem.Path));
        Assert.Contains("\"open\" is reached over plain http", problem.What, StringComparison.Ordinal);
        Assert.Empty(Problems(sensitive: false, "open/x/"));
    }

    public void Dispose() => _temporary.Dispose();

    private ImmutableArray<Problem> Problems(bool sensitive, string place)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        SensitivePlaces.Check(new JobSpec { Name = "x", Sensitive = sensitive }, [("checkpoints.to", place)], _stores, problems);
        return problems.ToImmutable();
    }

    private static S3Store Bucket(string? endpoint) => new(
        new() { Name = "x", Bucket = "x", Endpoint = endpoint is null ? null : new(endpoint) }, _ => Task.FromResult<string?>(null), TimeProvider.System);
}
