using System.IO.Hashing;
using System.Net;
using System.Text;
using Orchestrator.Engine.Artifacts;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts;

/// <summary>What every object store must do, through its port and over HTTP with the URLs it signs. Inherited once per store.</summary>
public abstract partial class StoreConformance<TStore> : IAsyncLifetime
    where TStore : IObjectStore
{
    /// <summary>Below this the suite writes; new for every test, so that a shared bucket does.</summary>
    protected string Prefix { get; } = $"conformance/{Guid.NewGuid():N}/";

    protected HttpClient Http { get; } = new();

    protected abstract TStore Store { get; }

    /// <summary>Smallest size of a part that is not the last.</summary>
    protected virtual int PartBytes => 5 << 20;

    /// <summary>Of several uploads to one key that are completed at once, exactly one is.</summary>
    protected virtual bool DecidesRaces => true;

    private static DateTimeOffset Soon => DateTimeOffset.UtcNow.AddMinutes(10);

    public abstract Task InitializeAsync();

    public virtual Task DisposeAsync()
    {
        Http.Dispose();
        return Task.CompletedTask;
    }

    [StoreFact]
    public async Task What_was_written_is_read_back_whole_and_in_part()
    {
        await WriteAsync("a.bin", "0123456789");

        Assert.Equal("0123456789", await ReadAsync("a.bin", 0, null));
        Assert.Equal("345", await ReadAsync("a.bin", 3, 3));
        Assert.Equal("89", await ReadAsync("a.bin", 8, 100));
        Assert.Equal("", await ReadAsync("a.bin", 4, 0));
        Assert.Equal("", await ReadAsync("a.bin", 10, null));
        Assert.Equal("", await ReadAsync("a.bin", 10, 5));
        Assert.Equal(StoreErrorKind.Invalid, (await Assert.ThrowsAsync<StoreException>(() => ReadAsync("a.bin", 11, null))).Kind);
        Assert.Equal(StoreErrorKind.Invalid, (await Assert.ThrowsAsync<StoreException>(() => ReadAsync("a.bin", 11, 5))).Kind);
    }

    [StoreFact]
    public async Task An_object_larger_than_what_is_held_in_memory_comes_back_whole()
    {
        var content = new byte[(33 << 20) + 7];
        new Random(7).NextBytes(content);
        await Store.WriteAsync(Prefix + "large", new MemoryStream(content), content.Length, onlyIfAbsent: true, default);

        await using var back = await Store.ReadAsync(Prefix + "large", 0, null, default);
        using var read = new MemoryStream();
        await back.CopyToAsync(read);
        Assert.Equal(XxHash128.Hash(content), XxHash128.Hash(read.GetBuffer().AsSpan(0, (int)read.Length)));
        Assert.Equal(StoreErrorKind.Exists, (await Assert.ThrowsAsync<StoreException>(
            () => Store.WriteAsync(Prefix + "large", new MemoryStream(content), content.Length, onlyIfAbsent: true, default))).Kind);
        await Assert.ThrowsAsync<StoreException>(() => Store.WriteAsync(Prefix + "larger", new MemoryStream(content), content.Length + 1, onlyIfAbsent: true, default));
        Assert.Equal([Prefix + "large"], await ListAsync(""));
    }

    [StoreFact]
    public async Task A_copy_has_the_same_bytes_and_keeps_to_write_once()
    {
        await WriteAsync("from", "content");
        await WriteAsync("from-empty", "");

        await Store.CopyAsync(Prefix + "from", Prefix + "dir/to ü+", onlyIfAbsent: true, default);
        await Store.CopyAsync(Prefix + "from-empty", Prefix + "to-empty", onlyIfAbsent: true, default);

        Assert.Equal("content", await ReadAsync("dir/to ü+", 0, null));
        Assert.Equal("", await ReadAsync("to-empty", 0, null));
        Assert.Equal(StoreErrorKind.Exists, (await Assert.ThrowsAsync<StoreException>(() => Store.CopyAsync(Prefix + "from-empty", Prefix + "from", onlyIfAbsent: true, default))).Kind);
        Assert.Equal(StoreErrorKind.NotFound, (await Assert.ThrowsAsync<StoreException>(() => Store.CopyAsync(Prefix + "nothing", Prefix + "x", onlyIfAbsent: true, default))).Kind);
        await Store.CopyAsync(Prefix + "from", Prefix + "to-empty", onlyIfAbsent: false, default);
        Assert.Equal("content", await ReadAsync("to-empty", 0, null));
    }

    [StoreFact]
    public async Task A_list_of_thousands_is_complete_and_in_order()
    {
        var names = Enumerable.Range(0, 2510).Select(i => $"many/{i % 7}/{i:D5}").ToList();
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (name, _) => await WriteAsync(name, "x"));

        Assert.Equal(names.Select(name => Prefix + name).Order(StringComparer.Ordinal), await ListAsync("many/"));
        Assert.Equal(names.Count(name => name.StartsWith("many/3/", StringComparison.Ordinal)), (await ListAsync("many/3/")).Count);
    }

    [StoreFact]
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

    [StoreFact]
    public async Task Empty_objects_and_odd_names_are_kept()
    {
        string[] names = ["empty", "with space", "plus+and&amp=", "ünïcode 文", "100%25", "#hash?", "deep/.hidden/x", "quote\"'", "back\\slash", "star*q?<>|:", "~tilde$", " lead", "trail ", "dots...", "%2F", "🙂", new string('n', 255)];
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

    [StoreFact]
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

    [StoreFact]
    public async Task A_write_once_key_keeps_its_first_content()
    {
        await WriteAsync("once", "first");

        var error = await Assert.ThrowsAsync<StoreException>(() => WriteAsync("once", "second"));

        Assert.Equal(StoreErrorKind.Exists, error.Kind);
        Assert.Equal("first", await ReadAsync("once", 0, null));
        await Store.WriteAsync(Prefix + "once", Bytes("third"), 5, onlyIfAbsent: false, default);
        Assert.Equal("third", await ReadAsync("once", 0, null));
    }

    [StoreFact]
    public async Task Of_many_writers_of_one_key_exactly_one_succeeds()
    {
        var writers = Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
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

    [StoreFact]
    public async Task A_content_of_another_length_leaves_nothing_behind()
    {
        await Assert.ThrowsAsync<StoreException>(() => Store.WriteAsync(Prefix + "short", Bytes("abc"), 5, onlyIfAbsent: true, default));
        await Assert.ThrowsAsync<StoreException>(() => Store.WriteAsync(Prefix + "long", Bytes("abcdef"), 5, onlyIfAbsent: true, default));

        Assert.Empty(await ListAsync(""));
    }

    [StoreFact]
    public async Task Deleting_twice_is_no_error()
    {
        await WriteAsync("x/y", "1");

        await Store.DeleteAsync(Prefix + "x/y", default);
        await Store.DeleteAsync(Prefix + "x/y", default);

        Assert.Null(await Store.HeadAsync(Prefix + "x/y", default));
        await WriteAsync("x/y", "2");
        Assert.Equal("2", await ReadAsync("x/y", 0, null));
    }

    [StoreFact]
    public async Task Hostile_keys_are_refused_by_every_method()
    {
        string[] hostile = ["", "/etc/passwd", "../outside", "a/../../outside", "a/./b", "a//b", "a/", "line\nfeed", "nul\0", ".uploads/x", new('n', 256), new('a', 1025)];
        foreach (var key in hostile)
        {
            await RefusesAsync(key);
        }
    }

    private async Task RefusesAsync(string key)
    {
        Func<Task>[] calls =
        [
            () => Store.HeadAsync(key, default),
            () => Store.ReadAsync(key, 0, null, default),
            () => Store.WriteAsync(key, Bytes("x"), 1, onlyIfAbsent: true, default),
            () => Store.DeleteAsync(key, default),
            () => Store.BeginMultipartAsync(key, onlyIfAbsent: true, default),
            () => Store.CopyAsync(key, Prefix + "to", onlyIfAbsent: true, default),
            () => Store.CopyAsync(Prefix + "from", key, onlyIfAbsent: true, default),
            () => Task.FromResult(Store.SignGet(key, Soon)),
            () => Task.FromResult(Store.SignPut(key, 1, Soon)),
        ];
        foreach (var call in calls)
        {
            Assert.Equal(StoreErrorKind.Invalid, (await Assert.ThrowsAsync<StoreException>(call)).Kind);
        }
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
