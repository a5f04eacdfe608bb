using System.Net;
using System.Net.Http.Headers;
using Orchestrator.Engine.Artifacts;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts;

/// <summary>What the signed URLs allow and refuse, and multipart uploads, whose parts travel over such URLs.</summary>
public abstract partial class StoreConformance<TStore>
{
    [Fact]
    public async Task A_signed_put_stores_once_and_a_second_answers_412()
    {
        var url = Store.SignPut(Prefix + "put.bin", 5, Soon);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, url, "hello")).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Put, url, "other")).StatusCode);

        Assert.Equal("hello", await ReadAsync("put.bin", 0, null));
    }

    [Fact]
    public async Task A_signed_put_of_another_size_is_refused()
    {
        var url = Store.SignPut(Prefix + "sized.bin", 5, Soon);

        Assert.InRange((int)(await SendAsync(HttpMethod.Put, url, "hell")).StatusCode, 400, 499);
        Assert.InRange((int)(await SendAsync(HttpMethod.Put, url, "hello!")).StatusCode, 400, 499);

        Assert.Null(await Store.HeadAsync(Prefix + "sized.bin", default));
    }

    [Fact]
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

    [Fact]
    public async Task A_range_beyond_the_end_answers_416_and_a_missing_object_404()
    {
        await WriteAsync("range.bin", "0123456789");
        using var request = new HttpRequestMessage(HttpMethod.Get, Store.SignGet(Prefix + "range.bin", Soon).Url);
        request.Headers.Range = new RangeHeaderValue(20, null);

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await Http.SendAsync(request)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, Store.SignGet(Prefix + "nothing", Soon), null)).StatusCode);
    }

    [Fact]
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

    [Fact]
    public async Task A_url_ends_at_its_expiry()
    {
        await WriteAsync("old", "old");
        var url = Store.SignGet(Prefix + "old", DateTimeOffset.UtcNow.AddSeconds(2));

        await Eventually.HoldsAsync(
            async () => (await SendAsync(HttpMethod.Get, url, null)).StatusCode == HttpStatusCode.Forbidden, TimeSpan.FromSeconds(15), "the URL still works");
    }

    [Fact]
    public async Task A_multipart_upload_is_joined_in_order_of_the_part_numbers()
    {
        var key = Prefix + "big.bin";
        var first = new string('a', PartBytes);
        var upload = await Store.BeginMultipartAsync(key, default);
        await SendPartAsync(key, upload, 2, "tail");
        await SendPartAsync(key, upload, 1, new string('x', PartBytes));
        await SendPartAsync(key, upload, 1, first);
        Assert.Empty(await ListAsync(""));

        await Store.CompleteMultipartAsync(key, upload, default);
        await Store.CompleteMultipartAsync(key, upload, default);

        Assert.Equal(PartBytes + 4, (await Store.HeadAsync(key, default))!.Size);
        Assert.Equal(first + "tail", await ReadAsync("big.bin", 0, null));
    }

    [Fact]
    public async Task A_multipart_upload_with_a_gap_or_without_parts_is_not_completed()
    {
        var key = Prefix + "gap.bin";
        var upload = await Store.BeginMultipartAsync(key, default);
        Assert.Equal(StoreErrorKind.Invalid, (await Assert.ThrowsAsync<StoreException>(() => Store.CompleteMultipartAsync(key, upload, default))).Kind);
        await SendPartAsync(key, upload, 2, "tail");
        Assert.Equal(StoreErrorKind.Invalid, (await Assert.ThrowsAsync<StoreException>(() => Store.CompleteMultipartAsync(key, upload, default))).Kind);
        Assert.Null(await Store.HeadAsync(key, default));
    }

    [Fact]
    public async Task A_multipart_upload_does_not_replace_a_key_that_is_there()
    {
        var key = Prefix + "taken.bin";
        var upload = await Store.BeginMultipartAsync(key, default);
        await SendPartAsync(key, upload, 1, "late");
        await WriteAsync("taken.bin", "early");

        Assert.Equal(StoreErrorKind.Exists, (await Assert.ThrowsAsync<StoreException>(() => Store.CompleteMultipartAsync(key, upload, default))).Kind);
        Assert.Equal("early", await ReadAsync("taken.bin", 0, null));
    }

    [Fact]
    public async Task An_aborted_upload_takes_no_part_and_cannot_be_completed()
    {
        var key = Prefix + "gone/a.bin";
        var upload = await Store.BeginMultipartAsync(key, default);
        var other = await Store.BeginMultipartAsync(Prefix + "stays/b.bin", default);
        await SendPartAsync(key, upload, 1, "part");
        await SendPartAsync(Prefix + "stays/b.bin", other, 1, "part");

        await Store.AbortAllMultipartAsync(Prefix + "gone/", default);
        await Store.AbortMultipartAsync(key, upload, default);

        var late = await SendAsync(HttpMethod.Put, Store.SignPart(key, upload, 2, 4, Soon), "part");
        Assert.InRange((int)late.StatusCode, 400, 499);
        Assert.Equal(StoreErrorKind.NotFound, (await Assert.ThrowsAsync<StoreException>(() => Store.CompleteMultipartAsync(key, upload, default))).Kind);
        await Store.CompleteMultipartAsync(Prefix + "stays/b.bin", other, default);
        Assert.Equal("part", await ReadAsync("stays/b.bin", 0, null));
    }

    [Fact]
    public async Task An_upload_id_serves_its_own_key_only()
    {
        var upload = await Store.BeginMultipartAsync(Prefix + "mine.bin", default);
        await SendPartAsync(Prefix + "mine.bin", upload, 1, "part");

        Assert.InRange((int)(await SendAsync(HttpMethod.Put, Store.SignPart(Prefix + "your.bin", upload, 1, 4, Soon), "evil")).StatusCode, 400, 499);
        await Assert.ThrowsAsync<StoreException>(() => Store.CompleteMultipartAsync(Prefix + "your.bin", upload, default));
        await Store.AbortMultipartAsync(Prefix + "your.bin", upload, default);
        await Store.CompleteMultipartAsync(Prefix + "mine.bin", upload, default);

        Assert.Equal("part", await ReadAsync("mine.bin", 0, null));
    }
}
