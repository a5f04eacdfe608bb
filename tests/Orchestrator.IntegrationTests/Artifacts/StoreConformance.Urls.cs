using System.Net;
using System.Net.Http.Headers;
using Orchestrator.Engine.Artifacts;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts;

/// <summary>What the signed URLs allow and refuse, and multipart uploads, whose parts travel over such URLs.</summary>
public abstract partial class StoreConformance<TStore>
{
    [StoreFact]
    public async Task A_signed_put_stores_once_and_a_second_answers_412()
    {
        var url = Store.SignPut(Prefix + "put.bin", 5, Soon);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, url, "hello")).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Put, url, "other")).StatusCode);

        Assert.Equal("hello", await ReadAsync("put.bin", 0, null));
    }

    [StoreFact]
    public async Task A_signed_put_of_another_size_is_refused()
    {
        var url = Store.SignPut(Prefix + "sized.bin", 5, Soon);

        Assert.InRange((int)(await SendAsync(HttpMethod.Put, url, "hell")).StatusCode, 400, 499);
        Assert.InRange((int)(await SendAsync(HttpMethod.Put, url, "hello!")).StatusCode, 400, 499);

        Assert.Null(await Store.HeadAsync(Prefix + "sized.bin", default));
    }

    [StoreFact]
    public async Task A_signed_get_serves_ranges_and_says_what_it_sent()
    {
        await WriteAsync("range.bin", "0123456789");
        using var request = new HttpRequestMessage(HttpMethod.Get, Store.SignGet(Prefix + "range.bin", Soon).Url);
        request.Headers.Range = new RangeHeaderValue(2, 5);

        using var response = await Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal("2345", await response.Content.ReadAsStringAsync());
        Assert.Equal("bytes 2-5/10", response.Content.Headers.ContentRange?.ToString());
    }

    [StoreFact]
    public async Task A_range_beyond_the_end_answers_416_and_a_missing_object_404()
    {
        await WriteAsync("range.bin", "0123456789");
        using var request = new HttpRequestMessage(HttpMethod.Get, Store.SignGet(Prefix + "range.bin", Soon).Url);
        request.Headers.Range = new RangeHeaderValue(20, null);

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await Http.SendAsync(request)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, Store.SignGet(Prefix + "nothing", Soon), null)).StatusCode);
    }

    [StoreFact]
    public async Task A_url_serves_no_other_method_no_other_key_and_no_other_signature()
    {
        await WriteAsync("mine", "mine");
        await WriteAsync("your", "your");
        var get = Store.SignGet(Prefix + "mine", Soon);
        var put = Store.SignPut(Prefix + "new1", 4, Soon);

        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Put, get, "evil")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, put, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Delete, get, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Head, get, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, get with { Url = get.Url.Replace("mine", "your", StringComparison.Ordinal) }, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Put, put with { Url = put.Url.Replace("new1", "new2", StringComparison.Ordinal) }, "evil")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, get with { Url = Flip(get.Url) }, null)).StatusCode);
        Assert.Equal("mine", await ReadAsync("mine", 0, null));
        Assert.Null(await Store.HeadAsync(Prefix + "new1", default));
        Assert.Null(await Store.HeadAsync(Prefix + "new2", default));
    }

    [StoreFact]
    public async Task A_url_ends_at_its_expiry()
    {
        await WriteAsync("old", "old");
        var url = Store.SignGet(Prefix + "old", DateTimeOffset.UtcNow.AddSeconds(2));

        await Eventually.HoldsAsync(
            async () => (await SendAsync(HttpMethod.Get, url, null)).StatusCode == HttpStatusCode.Forbidden, TimeSpan.FromSeconds(15), "the URL still works");
    }

    [StoreFact]
    public async Task A_multipart_upload_is_joined_in_order_of_the_part_numbers()
    {
        var key = Prefix + "big.bin";
        var first = new string('a', PartBytes);
        var upload = await Store.BeginMultipartAsync(key, onlyIfAbsent: true, default);
        await SendPartAsync(key, upload, 2, "tail");
        await SendPartAsync(key, upload, 1, new string('x', PartBytes));
        await SendPartAsync(key, upload, 1, first);
        Assert.Empty(await ListAsync(""));

        await Store.CompleteMultipartAsync(key, upload, onlyIfAbsent: true, default);
        await Store.CompleteMultipartAsync(key, upload, onlyIfAbsent: true, default);

        Assert.Equal(PartBytes + 4, (await Store.HeadAsync(key, default))!.Size);
        Assert.Equal(first + "tail", await ReadAsync("big.bin", 0, null));
    }

    [StoreFact]
    public async Task A_multipart_upload_with_a_gap_or_without_parts_is_not_completed()
    {
        var key = Prefix + "gap.bin";
        var upload = await Store.BeginMultipartAsync(key, onlyIfAbsent: true, default);
        Assert.Equal(StoreErrorKind.Invalid, (await Assert.ThrowsAsync<StoreException>(() => Store.CompleteMultipartAsync(key, upload, onlyIfAbsent: true, default))).Kind);
        await SendPartAsync(key, upload, 2, "tail");
        Assert.Equal(StoreErrorKind.Invalid, (await Assert.ThrowsAsync<StoreException>(() => Store.CompleteMultipartAsync(key, upload, onlyIfAbsent: true, default))).Kind);
        Assert.Null(await Store.HeadAsync(key, default));
    }

    [StoreFact]
    public async Task A_multipart_upload_does_not_replace_a_key_that_is_there()
    {
        var key = Prefix + "taken.bin";
        var upload = await Store.BeginMultipartAsync(key, onlyIfAbsent: true, default);
        await SendPartAsync(key, upload, 1, "late");
        await WriteAsync("taken.bin", "early");

        Assert.Equal(StoreErrorKind.Exists, (await Assert.ThrowsAsync<StoreException>(() => Store.CompleteMultipartAsync(key, upload, onlyIfAbsent: true, default))).Kind);
        Assert.Equal("early", await ReadAsync("taken.bin", 0, null));
    }

    [StoreFact]
    public async Task An_aborted_upload_takes_no_part_and_cannot_be_completed()
    {
        var key = Prefix + "gone/a.bin";
        var upload = await Store.BeginMultipartAsync(key, onlyIfAbsent: true, default);
        var other = await Store.BeginMultipartAsync(Prefix + "stays/b.bin", onlyIfAbsent: true, default);
        await SendPartAsync(key, upload, 1, "part");
        await SendPartAsync(Prefix + "stays/b.bin", other, 1, "part");

        await Store.AbortAllMultipartAsync(Prefix + "gone/", default);
        await Store.AbortMultipartAsync(key, upload, default);

        var late = await SendAsync(HttpMethod.Put, Store.SignPart(key, upload, 2, 4, Soon), "part");
        Assert.InRange((int)late.StatusCode, 400, 499);
        Assert.Equal(StoreErrorKind.NotFound, (await Assert.ThrowsAsync<StoreException>(() => Store.CompleteMultipartAsync(key, upload, onlyIfAbsent: true, default))).Kind);
        await Store.CompleteMultipartAsync(Prefix + "stays/b.bin", other, onlyIfAbsent: true, default);
        Assert.Equal("part", await ReadAsync("stays/b.bin", 0, null));
    }

    [StoreFact]
    public async Task An_upload_id_serves_its_own_key_only()
    {
        var upload = await Store.BeginMultipartAsync(Prefix + "mine.bin", onlyIfAbsent: true, default);
        await SendPartAsync(Prefix + "mine.bin", upload, 1, "part");

        Assert.InRange((int)(await SendAsync(HttpMethod.Put, Store.SignPart(Prefix + "your.bin", upload, 1, 4, Soon), "evil")).StatusCode, 400, 499);
        await Assert.ThrowsAsync<StoreException>(() => Store.CompleteMultipartAsync(Prefix + "your.bin", upload, onlyIfAbsent: true, default));
        await Store.AbortMultipartAsync(Prefix + "your.bin", upload, default);
        await Store.CompleteMultipartAsync(Prefix + "mine.bin", upload, onlyIfAbsent: true, default);

        Assert.Equal("part", await ReadAsync("mine.bin", 0, null));
    }

    [StoreFact]
    public async Task Of_many_signed_puts_of_one_key_exactly_one_is_taken()
    {
        var url = Store.SignPut(Prefix + "race", 2, Soon);
        var answers = await Task.WhenAll(Enumerable.Range(10, 20).Select(async i => (Body: $"{i}", (await SendAsync(HttpMethod.Put, url, $"{i}")).StatusCode)));

        var taken = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer != taken), answer => Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.PreconditionFailed, HttpStatusCode.Conflict]));
        Assert.Equal(taken.Body, await ReadAsync("race", 0, null));
    }

    [StoreFact]
    public async Task A_signed_put_that_may_replace_replaces()
    {
        await WriteAsync("again", "first");

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, Store.SignPut(Prefix + "again", 6, Soon, onlyIfAbsent: false), "second")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, Store.SignPut(Prefix + "empty", 0, Soon), "")).StatusCode);

        Assert.Equal("second", await ReadAsync("again", 0, null));
        Assert.Equal(0, (await Store.HeadAsync(Prefix + "empty", default))!.Size);
        Assert.Equal("", await (await SendAsync(HttpMethod.Get, Store.SignGet(Prefix + "empty", Soon), null)).Content.ReadAsStringAsync());
    }

    [StoreFact]
    public async Task A_url_for_one_version_answers_412_once_the_object_is_another()
    {
        await WriteAsync("pinned", "then");
        var version = (await Store.HeadAsync(Prefix + "pinned", default))!.Version;
        Assert.Equal(version, (await Store.ListAsync(Prefix + "pinned", default).ToListAsync())[0].Version);
        var url = Store.SignGet(Prefix + "pinned", Soon, version);
        Assert.Equal("then", await (await SendAsync(HttpMethod.Get, url, null)).Content.ReadAsStringAsync());

        using var now = new MemoryStream("now!"u8.ToArray());
        await Store.WriteAsync(Prefix + "pinned", now, 4, onlyIfAbsent: false, default);

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Get, url, null)).StatusCode);
        Assert.Equal("now!", await (await SendAsync(HttpMethod.Get, Store.SignGet(Prefix + "pinned", Soon), null)).Content.ReadAsStringAsync());
    }

    [StoreFact]
    public async Task A_part_of_another_length_is_refused_and_the_right_one_still_fits()
    {
        var key = Prefix + "parts.bin";
        var upload = await Store.BeginMultipartAsync(key, onlyIfAbsent: true, default);
        string[] parts = [new('a', PartBytes), new('b', PartBytes), "tail"];
        await SendPartAsync(key, upload, 1, parts[0]);
        Assert.InRange((int)(await SendAsync(HttpMethod.Put, Store.SignPart(key, upload, 2, PartBytes, Soon), "short")).StatusCode, 400, 499);
        await SendPartAsync(key, upload, 2, parts[1]);
        await SendPartAsync(key, upload, 3, parts[2]);

        await Store.CompleteMultipartAsync(key, upload, onlyIfAbsent: true, default);

        Assert.Equal(string.Concat(parts), await ReadAsync("parts.bin", 0, null));
        Assert.Equal("btail", await ReadAsync("parts.bin", (2L * PartBytes) - 1, null));
    }

    [StoreFact]
    public async Task Completing_decides_the_race_of_uploads_and_aborting_afterwards_changes_nothing()
    {
        var key = Prefix + "raced.bin";
        var uploads = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            uploads.Add(await Store.BeginMultipartAsync(key, onlyIfAbsent: true, default));
            await SendPartAsync(key, uploads[i], 1, $"upload {i}");
        }

        var completed = await Task.WhenAll(uploads.Select(async upload =>
        {
            try
            {
                await Store.CompleteMultipartAsync(key, upload, onlyIfAbsent: true, default);
                return true;
            }
            catch (StoreException lost) when (lost.Kind == StoreErrorKind.Exists)
            {
                return false;
            }
        }));
        foreach (var upload in uploads)
        {
            await Store.AbortMultipartAsync(key, upload, default);
        }

        // Where the store decides no race the object is still one of them, whole; only keys of one attempt keep them apart then.
        Assert.InRange(completed.Count(one => one), 1, DecidesRaces ? 1 : uploads.Count);
        var stored = await ReadAsync("raced.bin", 0, null);
        Assert.Contains(stored, Enumerable.Range(0, uploads.Count).Where(i => completed[i]).Select(i => $"upload {i}"));
    }

    [StoreFact]
    public async Task A_multipart_upload_that_may_replace_replaces()
    {
        var key = Prefix + "again.bin";
        await WriteAsync("again.bin", "early");
        var upload = await Store.BeginMultipartAsync(key, onlyIfAbsent: false, default);
        await SendPartAsync(key, upload, 1, "late");

        await Store.CompleteMultipartAsync(key, upload, onlyIfAbsent: false, default);

        Assert.Equal("late", await ReadAsync("again.bin", 0, null));
    }
}
