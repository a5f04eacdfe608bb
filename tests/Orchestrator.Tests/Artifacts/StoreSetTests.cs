using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.S3;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

public sealed class StoreSetTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();
    private readonly StoreSet _stores;

    public StoreSetTests() => _stores = new(
        "lab",
        [
            new(StoreSet.BuiltIn, _temporary.Store, "", "folder"),
            new("lab", Bucket("acme", "lab"), "", "all of it"),
            new("team", Bucket("acme", "team"), "team-a/", "a part of it"),
        ],
        bucket => Bucket(bucket, "s3://" + bucket));

    [Theory]
    [InlineData("lab", "lab", "")]
    [InlineData("lab/runs", "lab", "runs/")]
    [InlineData("team/runs/2026/", "team", "runs/2026/")]
    [InlineData("s3://acme/data/", "lab", "data/")]
    [InlineData("s3://acme/team-a/x", "team", "x/")]
    [InlineData("s3://acme/team-ab/x", "lab", "team-ab/x/")]
    [InlineData("s3://other", "s3://other", "")]
    [InlineData("s3://other/x/y", "s3://other", "x/y/")]
    public void A_place_is_found_by_name_or_by_bucket(string to, string store, string prefix)
    {
        var place = _stores.Resolve(to).Place;

        Assert.Equal(new StorePlace(store, prefix), place);
        Assert.Equal(place, StorePlace.Parse(place!.ToString()));
    }

    [Fact]
    public void A_mount_has_the_stores_own_prefix_before_the_places() =>
        Assert.Equal("team-a/runs/", _stores.MountAt("", new("team", "runs/")).Prefix);

    [Theory]
    [InlineData("nowhere/x", "stores here: folder, lab, team")]
    [InlineData("lab/../x", "is not allowed")]
    [InlineData("lab//x", "is not allowed")]
    public void What_names_no_place_is_refused_with_words(string to, string words) => Assert.Contains(words, _stores.Resolve(to).Words, StringComparison.Ordinal);

    [Fact]
    public void A_store_that_left_the_configuration_is_named()
    {
        var gone = Assert.Throws<StoreException>(() => _stores.MountAt("", new("old", "")));

        Assert.Equal(StoreErrorKind.NoBucket, gone.Kind);
        Assert.Contains("store \"old\" is not in orchestrator.yaml any more", gone.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _temporary.Dispose();

    private static S3Store Bucket(string bucket, string name) =>
        new(new() { Name = name, Bucket = bucket, Endpoint = new("http://127.0.0.1:9") }, _ => Task.FromResult<string?>(null), TimeProvider.System);
}
