using Orchestrator.Engine.Artifacts;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

public sealed class ScratchFoldersTests
{
    [Fact]
    public void What_a_killed_owner_left_is_cleared_and_what_is_in_use_is_not()
    {
        using var root = new TemporaryFolder();
        var folders = new ScratchFolders(Path.Combine(root.Path, "scratch"));
        using var used = folders.Create();
        var left = Path.Combine(root.Path, "scratch", "left");
        Directory.CreateDirectory(Path.Combine(left, "sealed"), UnixFileMode.UserRead);
        File.WriteAllText(left + ".lock", "");

        using (var other = folders.Create())
        {
            File.WriteAllText(Path.Combine(other.Path, "x"), "");
            Assert.False(Directory.Exists(left));
            Assert.False(File.Exists(left + ".lock"));
            Assert.True(Directory.Exists(used.Path));
        }

        Assert.Equal([used.Path, used.Path + ".lock"], Directory.GetFileSystemEntries(Path.Combine(root.Path, "scratch")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Many_at_once_get_one_each()
    {
        using var root = new TemporaryFolder();
        var all = new ScratchFolder[16];
        Parallel.For(0, all.Length, at => all[at] = new ScratchFolders(root.Path).Create());

        Assert.Equal(all.Length, all.Select(one => one.Path).Distinct().Count());
        Assert.All(all, one => Assert.True(Directory.Exists(one.Path)));
        Assert.All(all, one => one.Dispose());
        Assert.Empty(Directory.GetFileSystemEntries(root.Path));
    }
}
