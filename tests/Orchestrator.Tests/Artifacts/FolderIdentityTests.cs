using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

/// <summary>The disk of a folder store comes and goes: what is not mounted is away, and never empty.</summary>
public sealed class FolderIdentityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Nas => _folder.File("nas");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_that_lost_its_name_is_neither_read_nor_written_until_it_is_back()
    {
        await PutAsync(Open(), "jobs/a");
        Directory.Move(Nas, _folder.File("unplugged"));
        Directory.CreateDirectory(Nas);
        // As after a restart of the server, and as seen by one that runs on.
        foreach (var store in (FolderStore[])[Open(), Open()])
        {
            await AwayAsync(() => store.HeadAsync("jobs/a", default));
            await AwayAsync(() => store.ReadAsync("jobs/a", 0, null, default));
            await AwayAsync(() => store.DeleteAsync("jobs/a", default));
            await AwayAsync(() => PutAsync(store, "jobs/b"));
            await AwayAsync(() => store.ListAsync("", default).ToListAsync().AsTask());
        }

        Assert.Empty(Directory.GetFileSystemEntries(Nas));
        Directory.Delete(Nas);
        Directory.Move(_folder.File("unplugged"), Nas);

        Assert.NotNull(await Open().HeadAsync("jobs/a", default));
    }

    [Fact]
    public async Task Another_stores_disk_in_its_place_is_not_it()
    {
        await PutAsync(Open(), "jobs/a");
        await PutAsync(Open("other"), "jobs/a");
        Directory.Delete(Nas, recursive: true);
        Directory.Move(_folder.File("other"), Nas);

        Assert.Contains("another store's disk is mounted there", (await AwayAsync(() => Open().HeadAsync("jobs/a", default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_may_say_that_what_it_held_is_gone()
    {
        await PutAsync(Open(), "jobs/a");
        Directory.Delete(Nas, recursive: true);
        var told = await AwayAsync(() => Open().HeadAsync("jobs/a", default));
        Assert.Contains($"delete its line in {_folder.File("store-folders")}", told.Message, StringComparison.Ordinal);

        File.Delete(_folder.File("store-folders"));

        Assert.Null(await Open().HeadAsync("jobs/a", default));
    }

    [Fact]
    public async Task One_that_cannot_be_opened_keeps_nobody_from_starting_and_says_so_when_it_is_used()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "");

        var store = Open("file/nas");

        await Assert.ThrowsAsync<StoreException>(() => store.HeadAsync("jobs/a", default));
        await Assert.ThrowsAsync<StoreException>(() => PutAsync(store, "jobs/a"));
    }

    private FolderStore Open(string name = "nas") =>
        new(_folder.File(name), new byte[32], () => new Uri("http://127.0.0.1:1/store"), TimeProvider.System, new FolderIdentity(_folder.File("store-folders")));

    private static Task PutAsync(FolderStore store, string key) => store.WriteAsync(key, new MemoryStream([1]), 1, onlyIfAbsent: true, default);

    private static async Task<StoreException> AwayAsync(Func<Task> use)
    {
        var away = await Assert.ThrowsAsync<StoreException>(use);
        Assert.Equal(StoreErrorKind.NoBucket, away.Kind);
        return away;
    }
}
