using System.IO.Hashing;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Orchestrator.Engine.Artifacts;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts;

/// <summary>What every object store must do, through its port and over HTTP with the URLs it signs. Inherited once per store.</summary>
public abstract class StoreConformance<TStore> : IAsyncLifetime
    where TStore : IObjectStore
{
    /// <summary>Below this the suite writes; new for every test, so that a shared bucket does.</summary>
    protected string Prefix { get; } = $"conformance/{Guid.NewGuid():N}/";

    protected HttpClient Http { get; } = new();

    protected abstract TStore Store { get; }

    /// <summary>Smallest size of a part that is not the last.</summary>
    protected virtual int PartBytes => 5 << 20;

    private static DateTimeOffset Soon => DateTimeOffset.UtcNow.AddMinutes(10);

    public abstract Task InitializeAsync();

    public virtual Task DisposeAsync()
    {
        Http.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_was_written_is_read_back_whole_and_in_part()
    {
        await WriteAsync("a.bin", "0123456789");

        Assert.Equal("0123456789", await ReadAsync("a.bin", 0, null));
        Assert.Equal("345", await ReadAsync("a.bin", 3, 3));
        Assert.Equal("89", await ReadAsync("a.bin", 8, 100));
        Assert.Equal("", await ReadAsync("a.bin", 4, 0));
    }

    [Fact]
    public async Task Head_tells_size_and_time_and_null_for_what_is_not_there()
    {
        await WriteAsync("dir/a.bin", "hello");

        var found = await Store.HeadAsync(Prefix + "dir/a.bin", default);

        Assert.NotNull(found);
        Assert.Equal(5, found.Size);
        Assert.True(found.Hash is null || found.Hash == Hash("hello"));
        Assert.InRange(found.ModifiedAt, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.Null(await Store.HeadAsync(Prefix + "dir/b.bin", default));
        Assert.Null(await Store.HeadAsync(Prefix + "dir", default));
        Assert.Equal(StoreErrorKind.NotFound, (await Assert.ThrowsAsync<StoreException>(() => Store.ReadAsync(Prefix + "nothing", 0, null, default))).Kind);
    }

    [Fact]
    public async Task Empty_objects_and_odd_names_are_kept()
    {
        string[] names = ["empty", "with space", "plus+and&amp=", "ünïcode 文", "100%25", "#hash?", "deep/.hidden/x", "quote\"'"];
        foreach (var name in names)
        {
            await WriteAsync(name, name == "empty" ? "" : name);
        }

        Assert.Equal(names.Select(n => Prefix + n).Order(StringComparer.Ordinal), await ListAsync(""));
        foreach (var name in names)
        {
            var url = Store.SignGet(Prefix + name, Soon);
            Assert.Equal(name == "empty" ? "" : name, await (await SendAsync(HttpMethod.Get, url, null)).Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_list_is_in_ordinal_order_and_holds_only_what_begins_with_the_prefix()
    {
        string[] names = ["a", "a-b/c", "a0", "b/a/z", "b/a0", "b/b", "c"];
        foreach (var name in names.Reverse())
        {
            await WriteAsync(name, name);
        }

        Assert.Equal(names.Order(StringComparer.Ordinal).Select(n => Prefix + n), await ListAsync(""));
        Assert.Equal([Prefix + "b/a/z", Prefix + "b/a0"], await ListAsync("b/a"));
        Assert.Equal([Prefix + "b/a/z"], await ListAsync("b/a/"));
        Assert.Empty(await ListAsync("nothing/"));
    }

    [Fact]
    public async Task A_write_once_key_keeps_its_first_content()
    {
        await WriteAsync("once", "first");

        var error = await Assert.ThrowsAsync<StoreException>(() => WriteAsync("once", "second"));

        Assert.Equal(StoreErrorKind.Exists, error.Kind);
        Assert.Equal("first", await ReadAsync("once", 0, null));
        await Store.WriteAsync(Prefix + "once", Bytes("third"), 5, onlyIfAbsent: false, default);
        Assert.Equal("third", await ReadAsync("once", 0, null));
    }

    [Fact]
    public async Task Of_many_writers_of_one_key_exactly_one_succeeds()
    {
        var writers = Enumerable.Range(0, 12).Select(i => Task.Run(async () =>
        {
            try
            {
                await WriteAsync("race", $"writer {i:D2}");
                return $"writer {i:D2}";
            }
            catch (StoreException error) when (error.Kind == StoreErrorKind.Exists)
            {
                return null;
            }
        }));

        var winners = (await Task.WhenAll(writers)).Where(w => w is not null).ToList();

        Assert.Equal(await ReadAsync("race", 0, null), Assert.Single(winners));
    }

    [Fact]
    public async Task A_content_of_another_length_leaves_nothing_behind()
    {
        await Assert.ThrowsAsync<StoreException>(() => Store.WriteAsync(Prefix + "short", Bytes("abc"), 5, onlyIfAbsent: true, default));
        await Assert.ThrowsAsync<StoreException>(() => Store.WriteAsync(Prefix + "long", Bytes("abcdef"), 5, onlyIfAbsent: true, default));

        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task Deleting_twice_is_no_error()
    {
        await WriteAsync("x/y", "1");

        await Store.DeleteAsync(Prefix + "x/y", default);
        await Store.DeleteAsync(Prefix + "x/y", default);

        Assert.Null(await Store.HeadAsync(Prefix + "x/y", default));
        await WriteAsync("x/y", "2");
        Assert.Equal("2", await ReadAsync("x/y", 0, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("line\nfeed")]
    [InlineData("nul\0")]
    [InlineData(".uploads/x")]
    public async Task Hostile_keys_are_refused_by_every_method(string key)
    {
        Func<Task>[] calls =
        [
            () => Store.HeadAsync(key, default),
            () => Store.ReadAsync(key, 0, null, default),
            () => Store.WriteAsync(key, Bytes("x"), 1, onlyIfAbsent: true, default),
            () => Store.DeleteAsync(key, default),
            () => Store.BeginMultipartAsync(key, default),
            () => Task.FromResult(Store.SignGet(key, Soon)),
            () => Task.FromResult(Store.SignPut(key, 1, Soon)),
        ];
        foreach (var call in calls)
        {
            Assert.Equal(StoreErrorKind.Invalid, (await Assert.ThrowsAsync<StoreException>(call)).Kind);
        }
    }

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

    protected Task WriteAsync(string name, string content) => Store.WriteAsync(Prefix + name, Bytes(content), Encoding.UTF8.GetByteCount(content), onlyIfAbsent: true, default);

    protected async Task<string> ReadAsync(string name, long offset, long? length)
    {
        using var reader = new StreamReader(await Store.ReadAsync(Prefix + name, offset, length, default));
        return await reader.ReadToEndAsync();
    }

    protected async Task<List<string>> ListAsync(string below) => [.. await Store.ListAsync(Prefix + below, default).Select(o => o.Key).ToListAsync()];

    protected Task<HttpResponseMessage> SendAsync(HttpMethod method, SignedUrl url, string? body)
    {
        var request = new HttpRequestMessage(method, url.Url) { Content = body is null ? null : new StringContent(body) };
        if (request.Content is not null)
        {
            request.Content.Headers.ContentType = null;
        }

        foreach (var (name, value) in url.Headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return Http.SendAsync(request);
    }

    protected static string Hash(string content) => Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(content)));

    private async Task SendPartAsync(string key, string upload, int part, string content) =>
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, Store.SignPart(key, upload, part, content.Length, Soon), content)).StatusCode);

    private static MemoryStream Bytes(string content) => new(Encoding.UTF8.GetBytes(content));

    /// <summary>Another last digit; the signature is last in the URL, or what is last is signed.</summary>
    private static string Flip(string url) => url[..^1] + (url[^1] == '0' ? '1' : '0');
}
