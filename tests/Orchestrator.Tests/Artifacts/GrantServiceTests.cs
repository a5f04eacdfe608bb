using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.S3;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

public sealed class GrantServiceTests : IDisposable
{
    private const string Mine = TemporaryStore.Job + "a0002/";
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-11-20T12:00:00Z"));
    private readonly TemporaryStore _temporary;
    private readonly GrantService _service;

    public GrantServiceTests()
    {
        _temporary = new(_time);
        _service = new(_temporary.Store, _time, new GrantLimits { PerRequest = 3 });
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_put_below_the_own_prefix_is_granted_for_an_hour()
    {
        var grant = await AskAsync(new(GrantKind.Put, Mine + "x", 5));

        Assert.Null(grant.Refused);
        Assert.NotNull(grant.Url);
        Assert.Equal(_time.GetUtcNow().AddHours(1), grant.Expires);
    }

    [Theory]
    [InlineData(GrantKind.Put, TemporaryStore.Job + "a0001/x")]
    [InlineData(GrantKind.Put, TemporaryStore.Job + "a00021/x")]
    [InlineData(GrantKind.Put, Mine)]
    [InlineData(GrantKind.Put, "sources/s")]
    [InlineData(GrantKind.BeginMultipart, "jobs/other-8/e1/a0002/x")]
    [InlineData(GrantKind.Put, Mine + "../a0001/x")]
    [InlineData(GrantKind.Get, "jobs/other-8/e1/a0001/x")]
    [InlineData(GrantKind.Get, "sources/another")]
    [InlineData((GrantKind)99, Mine + "x")]
    [InlineData(GrantKind.PutAhead, Mine + "outputs/x")]
    [InlineData(GrantKind.PutAhead, Mine + "checkpoints/000001/files/x")]
    [InlineData(GrantKind.PutAhead, TemporaryStore.Job + "a0001/checkpoints/000001/manifest.json")]
    public async Task Keys_of_others_are_refused_for_good(GrantKind kind, string key)
    {
        var grant = await AskAsync(new(kind, key, 5));

        Assert.NotNull(grant.Refused);
        Assert.True(grant.Final);
        Assert.Null(grant.Url);
    }

    [Theory]
    [InlineData(TemporaryStore.Job + "a0001/checkpoints/000001/manifest.json")]
    [InlineData("sources/s")]
    public async Task Staged_sources_and_the_jobs_own_objects_may_be_read(string key) =>
        Assert.NotNull((await AskAsync(new(GrantKind.Get, key))).Url);

    [Fact]
    public async Task An_attempt_that_is_not_current_reads_but_does_not_write()
    {
        Assert.True((await AskAsync(new(GrantKind.Put, Mine + "x", 5), mayWrite: false)).Final);
        Assert.True((await AskAsync(new(GrantKind.CompleteMultipart, Mine + "x", UploadId: "u"), mayWrite: false)).Final);
        Assert.NotNull((await AskAsync(new(GrantKind.Get, Mine + "x"), mayWrite: false)).Url);
    }

    [Theory]
    [InlineData(GrantKind.Put, -1, 0)]
    [InlineData(GrantKind.Put, (5L << 40) + 1, 0)]
    [InlineData(GrantKind.PutPart, 5, 0)]
    [InlineData(GrantKind.PutPart, 5, 10_001)]
    [InlineData(GrantKind.PutPart, -5, 1)]
    public async Task Sizes_and_part_numbers_are_bounded(GrantKind kind, long size, int part) =>
        Assert.True((await AskAsync(new(kind, Mine + "x", size, new string('0', 32), part))).Final);

    [Fact]
    public async Task A_store_that_this_server_serves_grants_nothing_for_its_own_absence()
    {
        var grant = await AskAsync(new(GrantKind.PutAhead, Mine + "checkpoints/000001/manifest.json"));

        Assert.Contains("while the server is away", grant.Refused, StringComparison.Ordinal);
        Assert.True(grant.Final);
    }

    [Theory]
    [InlineData("checkpoints/000001/manifest.json", true)]
    [InlineData("checkpoints/000001/files/ahead/0001", true)]
    [InlineData("checkpoints/000001/manifest.json", false)]
    public async Task A_bucket_grants_spare_names_and_manifests_for_hours_to_the_current_attempt_only(string key, bool mayWrite)
    {
        using var bucket = Bucket();
        var service = new GrantService(bucket, _time);

        var grant = Assert.Single((await service.AnswerAsync(new(1, [new(GrantKind.PutAhead, Mine + key)]), Scope(mayWrite), default)).Grants);

        Assert.Equal((mayWrite, !mayWrite), (grant.Url is not null, grant.Final));
        Assert.Equal(mayWrite ? _time.GetUtcNow().AddHours(7) : null, grant.Expires);
        Assert.DoesNotContain("content-length", grant.Url ?? "", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_bucket_that_does_not_honour_write_once_keys_grants_nothing_for_hours()
    {
        using var bucket = Bucket();
        bucket.Traits = new(ConditionalPut: false, ConditionalComplete: false);

        var answer = await new GrantService(bucket, _time).AnswerAsync(new(1, [new(GrantKind.PutAhead, Mine + "checkpoints/000001/manifest.json")]), Scope(true), default);

        Assert.True(Assert.Single(answer.Grants).Final);
    }

    [Fact]
    public async Task Multipart_steps_run_through_the_store()
    {
        var begun = await AskAsync(new(GrantKind.BeginMultipart, Mine + "big"));
        Assert.NotNull(begun.UploadId);
        Assert.NotNull((await AskAsync(new(GrantKind.PutPart, Mine + "big", 5, begun.UploadId, 1))).Url);
        Assert.Contains("no parts", (await AskAsync(new(GrantKind.CompleteMultipart, Mine + "big", UploadId: begun.UploadId))).Refused, StringComparison.Ordinal);
        Assert.Null((await AskAsync(new(GrantKind.AbortMultipart, Mine + "big", UploadId: begun.UploadId))).Refused);
        Assert.True((await AskAsync(new(GrantKind.CompleteMultipart, Mine + "big", UploadId: begun.UploadId))).Final);
    }

    [Fact]
    public async Task What_is_beyond_the_limit_of_a_request_may_be_asked_for_again()
    {
        var wanted = Enumerable.Range(0, 5).Select(i => new GrantWanted(GrantKind.Put, $"{Mine}{i}", 1)).ToImmutableArray();

        var answer = await _service.AnswerAsync(new(9, wanted), Scope(true), default);

        Assert.Equal(9, answer.Id);
        Assert.Equal([true, true, true, false, false], answer.Grants.Select(g => g.Url is not null));
        Assert.DoesNotContain(answer.Grants, g => g.Final);
    }

    [Fact]
    public async Task Nulls_where_json_should_hold_none_are_refused()
    {
        var answer = await _service.AnswerAsync(new(1, [null!, new(GrantKind.Put, null!, 1)]), Scope(true), default);

        Assert.All(answer.Grants, grant => Assert.True(grant.Final));
        Assert.Empty((await _service.AnswerAsync(new(1, default), Scope(true), default)).Grants);
    }

    private static S3Store Bucket() => new(
        new S3Settings { Name = "test", Bucket = "b", Endpoint = new Uri("http://127.0.0.1:1"), Dialect = S3Dialect.Ceph, Credentials = new S3CredentialSource.FromSecret("keys") },
        _ => Task.FromResult<string?>("id:secret"),
        TimeProvider.System);

    private async Task<Grant> AskAsync(GrantWanted wanted, bool mayWrite = true) =>
        Assert.Single((await _service.AnswerAsync(new(1, [wanted]), Scope(mayWrite), default)).Grants);

    private static GrantScope Scope(bool mayWrite) =>
        new() { JobPrefixes = [TemporaryStore.Job], AttemptPrefix = Mine, MayWrite = mayWrite, Readable = ImmutableHashSet.Create("sources/s") };
}
