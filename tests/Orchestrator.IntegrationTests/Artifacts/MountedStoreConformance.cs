using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts;

/// <summary>Everything below a prefix of one store, but for the deliveries, which lie in a second.</summary>
public sealed class MountedStoreConformance : StoreConformance<MountedStore>
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("orchestrator-store-");
    private WebApplication? _server;
    private MountedStore? _store;
    private FolderStore? _home;
    private FolderStore? _abroad;

    protected override MountedStore Store => _store!;

    protected override int PartBytes => 1 << 16;

    public override async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _home = Open("home", "/store");
        _abroad = Open("abroad", "/other");
        _store = new([new("", _home, "team-a/"), new(Prefix + "delivered/", _abroad, "final/", Replaces: true)]);
        await _server.StartAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _server!.DisposeAsync();
        _root.Delete(recursive: true);
    }

    [StoreFact]
    public async Task What_is_delivered_lies_under_its_own_name_and_takes_the_place_of_what_was_there()
    {
        await WriteAsync("delivered/model.bin", "first");
        await WriteAsync("delivered/model.bin", "second");
        Assert.Equal(System.Net.HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, Store.SignPut(Prefix + "delivered/sent.bin", 4, DateTimeOffset.UtcNow.AddMinutes(1)), "sent")).StatusCode);
        await WriteAsync("kept", "here");

        Assert.Equal("second", await File.ReadAllTextAsync(Path.Combine(_root.FullName, "abroad/final/model.bin")));
        Assert.Equal("here", await File.ReadAllTextAsync(Path.Combine(_root.FullName, "home/team-a", Prefix, "kept")));
        Assert.Equal([Prefix + "delivered/model.bin", Prefix + "delivered/sent.bin"], await ListAsync("delivered/"));
        await Store.CopyAsync(Prefix + "delivered/model.bin", Prefix + "copied", onlyIfAbsent: true, default);
        Assert.Equal("second", await ReadAsync("copied", 0, null));
    }

    [StoreFact]
    public async Task Ending_an_attempt_ends_its_own_uploads_into_a_shared_place_and_nobody_elses()
    {
        var mine = await Store.BeginMultipartAsync(Prefix + "delivered/mine.bin", onlyIfAbsent: true, default);
        var done = await Store.BeginMultipartAsync(Prefix + "delivered/done.bin", onlyIfAbsent: true, default);
        var other = await _abroad!.BeginMultipartAsync("final/other.bin", onlyIfAbsent: true, default);
        await _abroad.WritePartAsync("final/other.bin", other, 1, new MemoryStream("x"u8.ToArray()), 1, default);
        await _abroad.WritePartAsync("final/done.bin", done, 1, new MemoryStream("x"u8.ToArray()), 1, default);
        await Store.CompleteMultipartAsync(Prefix + "delivered/done.bin", done, onlyIfAbsent: true, default);

        await Store.AbortAllMultipartAsync(Prefix, default);

        Assert.Equal(StoreErrorKind.NotFound, (await Assert.ThrowsAsync<StoreException>(
            () => Store.CompleteMultipartAsync(Prefix + "delivered/mine.bin", mine, onlyIfAbsent: true, default))).Kind);
        await _abroad.CompleteMultipartAsync("final/other.bin", other, onlyIfAbsent: true, default);
        Assert.Equal([Prefix + "delivered/done.bin", Prefix + "delivered/other.bin"], await ListAsync("delivered/"));
        Assert.Empty(await _home!.ListAsync("team-a/", default).ToListAsync());
    }

    private FolderStore Open(string name, string path)
    {
        var store = new FolderStore(Path.Combine(_root.FullName, name), new byte[32], () => new(_server!.Urls.First() + path), TimeProvider.System) { Path = path };
        FolderStoreEndpoint.Map(_server!, store, path);
        return store;
    }
}
