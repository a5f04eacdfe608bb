using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts;

public sealed class FolderStoreConformance : StoreConformance<FolderStore>
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("orchestrator-store-");
    private readonly byte[] _key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private FolderStore? _store;
    private WebApplication? _server;

    protected override FolderStore Store => _store!;

    protected override int PartBytes => 1 << 16;

    public override async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _store = Open();
        FolderStoreEndpoint.Map(_server, _store);
        await _server.StartAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _server!.DisposeAsync();
        _root.Delete(recursive: true);
    }

    [Fact]
    public async Task Objects_are_plain_files_under_their_keys_and_nothing_else_is_visible()
    {
        await WriteAsync("deep/file.txt", "plain");

        Assert.Equal("plain", await File.ReadAllTextAsync(Path.Combine(_root.FullName, Prefix, "deep/file.txt")));
        Assert.Equal(["conformance"], Directory.GetFileSystemEntries(_root.FullName).Select(e => Path.GetFileName(e)!).Where(n => n[0] != '.'));
    }

    [Fact]
    public async Task The_hash_of_what_came_is_known_and_forgotten_when_somebody_changes_the_file()
    {
        await WriteAsync("a", "hello");
        await SendAsync(HttpMethod.Put, Store.SignPut(Prefix + "b", 5, DateTimeOffset.UtcNow.AddMinutes(1)), "world");
        Assert.Equal(Hash("hello"), (await Store.HeadAsync(Prefix + "a", default))!.Hash);
        Assert.Equal(Hash("world"), (await Store.HeadAsync(Prefix + "b", default))!.Hash);

        await File.WriteAllTextAsync(Path.Combine(_root.FullName, Prefix, "a"), "hxllo");

        Assert.Null((await Store.HeadAsync(Prefix + "a", default))!.Hash);
    }

    [Fact]
    public async Task Another_server_on_the_folder_sees_the_same_and_honours_the_same_urls()
    {
        var second = Open();
        var url = second.SignPut(Prefix + "shared", 3, DateTimeOffset.UtcNow.AddMinutes(1));

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, url, "abc")).StatusCode);

        Assert.Equal(Hash("abc"), (await second.HeadAsync(Prefix + "shared", default))!.Hash);
        var other = new FolderStore(_root.FullName, new byte[32], BaseUrl, TimeProvider.System);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, other.SignGet(Prefix + "shared", DateTimeOffset.UtcNow.AddMinutes(1)), null)).StatusCode);
    }

    [Fact]
    public async Task Head_has_a_url_of_its_own()
    {
        await WriteAsync("a", "hello");

        using var response = await SendAsync(HttpMethod.Head, Store.SignHead(Prefix + "a", DateTimeOffset.UtcNow.AddMinutes(1)), null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(5, response.Content.Headers.ContentLength);
        Assert.Equal($"\"{Hash("hello")}\"", response.Headers.ETag?.Tag);
    }

    [Fact]
    public async Task A_put_without_length_answers_411_and_one_cut_off_leaves_nothing()
    {
        var url = Store.SignPut(Prefix + "cut", 1 << 20, DateTimeOffset.UtcNow.AddMinutes(1));
        using var chunked = new HttpRequestMessage(HttpMethod.Put, url.Url) { Content = new StringContent("x") };
        chunked.Headers.TransferEncodingChunked = true;
        Assert.Equal(HttpStatusCode.LengthRequired, (await Http.SendAsync(chunked)).StatusCode);

        using var cut = new HttpRequestMessage(HttpMethod.Put, url.Url) { Content = new BrokenContent(1 << 20) };
        await Assert.ThrowsAsync<HttpRequestException>(() => Http.SendAsync(cut));

        var incoming = Path.Combine(_root.FullName, ".incoming");
        await Eventually.HoldsAsync(() => Task.FromResult(!Directory.EnumerateFiles(incoming).Any()), TimeSpan.FromSeconds(10), "the half file is still there");
        Assert.Null(await Store.HeadAsync(Prefix + "cut", default));
    }

    [Fact]
    public async Task A_key_below_another_keys_file_is_refused_with_words()
    {
        await WriteAsync("file", "1");

        var below = await Assert.ThrowsAsync<StoreException>(() => WriteAsync("file/below", "2"));
        await WriteAsync("folder/x", "3");
        var above = await Assert.ThrowsAsync<StoreException>(() => WriteAsync("folder", "4"));

        Assert.Equal(StoreErrorKind.Invalid, below.Kind);
        Assert.Equal(StoreErrorKind.Invalid, above.Kind);
    }

    [Fact]
    public async Task Deleting_the_last_object_of_a_folder_takes_the_folder_too()
    {
        await WriteAsync("only/one/here", "1");

        await Store.DeleteAsync(Prefix + "only/one/here", default);

        Assert.False(Directory.Exists(Path.Combine(_root.FullName, Prefix, "only")));
        Assert.True(Directory.Exists(_root.FullName));
    }

    private FolderStore Open() => new(_root.FullName, _key, BaseUrl, TimeProvider.System);

    private Uri BaseUrl() => new(_server!.Urls.First() + FolderStoreEndpoint.DefaultPath);

    /// <summary>Promises more than it sends, as a host that dies does.</summary>
    private sealed class BrokenContent(long promised) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[1000]);
            await stream.FlushAsync();
            throw new IOException("the host died");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = promised;
            return true;
        }
    }
}
