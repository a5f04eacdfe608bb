using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

public sealed class FolderErrorsTests
{
    [Theory]
    [InlineData(28, StoreErrorKind.Full)]
    [InlineData(122, StoreErrorKind.Full)]
    [InlineData(30, StoreErrorKind.Denied)]
    [InlineData(36, StoreErrorKind.Invalid)]
    [InlineData(5, StoreErrorKind.Transient)]
    public void What_the_disk_says_gets_its_kind_and_names_the_folder(int errorNumber, StoreErrorKind kind)
    {
        var error = FolderErrors.From(new IOException("words", errorNumber), "/srv/store", "jobs/a");

        Assert.Equal(kind, error.Kind);
        Assert.NotEmpty(error.Message);
        Assert.True(kind != StoreErrorKind.Full || error.Message.Contains("/srv/store", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_disk_without_space_is_told_as_full_by_a_real_write()
    {
        // /dev/full answers every write as a full disk does.
        await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        var error = await Assert.ThrowsAnyAsync<IOException>(async () => await full.WriteAsync(new byte[10]));

        Assert.Equal(StoreErrorKind.Full, FolderErrors.From(error, "/srv/store", "jobs/a").Kind);
    }
}
