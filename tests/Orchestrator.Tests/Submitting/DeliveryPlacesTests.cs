using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.S3;
using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;
using Orchestrator.Tests.Artifacts;
using Xunit;

namespace Orchestrator.Tests.Submitting;

public sealed class DeliveryPlacesTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();
    private readonly StoreSet _stores;

    public DeliveryPlacesTests() => _stores = new(
        StoreSet.BuiltIn,
        [
            new(StoreSet.BuiltIn, _temporary.Store, "", "folder"),
            new("lab", Bucket("acme", "lab"), "", "all of it"),
            new("team", Bucket("acme", "team"), "team-a/", "a part of it"),
        ],
        bucket => Bucket(bucket, "s3://" + bucket));

    [Theory]
    [InlineData("s3://acme/deliver/", "lab/deliver")]
    [InlineData("lab/team-a/x", "team/x")]
    [InlineData("folder/x", "folder/x/")]
    [InlineData("s3://other/x", "s3://other/x/")]
    public void Two_outputs_that_go_to_one_place_are_refused_with_both_fields(string first, string second)
    {
        var (deliveries, problems) = Of(first, second);

        var problem = Assert.Single(problems);
        Assert.Equal((Severity.Error, "outputs[1].to"), (problem.Severity, problem.Path));
        Assert.Contains("outputs[0].to", problem.What, StringComparison.Ordinal);
        Assert.Equal(2, deliveries.Count);
    }

    [Theory]
    [InlineData("lab/x", "team/x")]
    [InlineData("lab/x", "lab/x/y")]
    [InlineData("folder/x", "lab/x")]
    [InlineData("s3://other/x", "s3://another/x")]
    public void Others_are_not(string first, string second) => Assert.Empty(Of(first, second).Problems);

    public void Dispose() => _temporary.Dispose();

    private (ImmutableSortedDictionary<int, string> Deliveries, ImmutableArray<Problem> Problems) Of(params string[] to)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var spec = new JobSpec { Name = "x", Outputs = [.. to.Select((one, index) => new OutputSpec { From = $"/out{index}", To = one })] };
        return (DeliveryPlaces.Of(spec, _stores, problems), problems.ToImmutable());
    }

    private static S3Store Bucket(string bucket, string name) =>
        new(new() { Name = name, Bucket = bucket, Endpoint = new("http://127.0.0.1:9") }, _ => Task.FromResult<string?>(null), TimeProvider.System);
}
