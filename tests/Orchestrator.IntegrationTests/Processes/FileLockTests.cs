using Orchestrator.Engine.Processes;
using Xunit;

namespace Orchestrator.IntegrationTests.Processes;

public sealed class FileLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-lock-").FullName;

    [Fact]
    public async Task Only_one_holds_it_and_it_is_free_again_when_that_one_lets_go()
    {
        var path = Path.Combine(_folder, "lock");
        using (var held = FileLock.TryAcquire(path))
        {
            Assert.NotNull(held);
            Assert.Null(FileLock.TryAcquire(path));
            await Assert.ThrowsAsync<TimeoutException>(() => FileLock.AcquireAsync(path, TimeSpan.Zero, CancellationToken.None));
        }

        using var again = await FileLock.AcquireAsync(path, TimeSpan.Zero, CancellationToken.None);
        Assert.Null(FileLock.TryAcquire(path));
    }

    [Fact]
    public void A_missing_folder_is_an_error_and_not_a_lock_that_somebody_holds() =>
        Assert.Throws<DirectoryNotFoundException>(() => FileLock.TryAcquire(Path.Combine(_folder, "none/lock")));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
