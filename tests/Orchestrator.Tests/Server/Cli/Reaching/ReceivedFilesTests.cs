using System.Formats.Tar;
using System.Text;
using Orchestrator.Server.Cli;
using Orchestrator.Server.Cli.Reaching;
using Xunit;

namespace Orchestrator.Tests.Server.Cli.Reaching;

public sealed class ReceivedFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orc-cp-");

    private string Target => Path.Combine(_folder.FullName, "target");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_folder_arrives_under_the_name_it_gets_here()
    {
        using var tar = Tar(Folder("step"), File("step/sub/w.bin", "weights"), File("step/empty", ""));

        Assert.Equal((2, 7L, 0), await ReceivedFiles.WriteAsync(tar, "step", Target, default));

        Assert.Equal("weights", await System.IO.File.ReadAllTextAsync(Path.Combine(Target, "sub/w.bin")));
        Assert.Equal("", await System.IO.File.ReadAllTextAsync(Path.Combine(Target, "empty")));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/evil")]
    [InlineData("step/../../evil")]
    [InlineData("stepmother/x")]
    [InlineData("step//x")]
    public async Task Nothing_but_what_was_asked_for_is_taken(string name)
    {
        using var tar = Tar(File(name, "evil"));

        await Assert.ThrowsAsync<CliException>(() => ReceivedFiles.WriteAsync(tar, "step", Target, default));

        Assert.Empty(Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Links_are_left_out_and_no_link_that_lies_here_is_written_through()
    {
        var outside = Path.Combine(_folder.FullName, "outside");
        await System.IO.File.WriteAllTextAsync(outside, "mine");
        Directory.CreateDirectory(Target);
        System.IO.File.CreateSymbolicLink(Path.Combine(Target, "w"), outside);
        using var tar = Tar(new GnuTarEntry(TarEntryType.SymbolicLink, "step/link") { LinkName = "/etc" }, File("step/w", "theirs"));

        Assert.Equal((1, 6L, 1), await ReceivedFiles.WriteAsync(tar, "step", Target, default));

        Assert.Equal("mine", await System.IO.File.ReadAllTextAsync(outside));
        Assert.False(Path.Exists(Path.Combine(Target, "link")));
    }

    [Fact]
    public async Task A_file_with_two_names_arrives_under_both_and_a_link_to_what_was_not_sent_is_left_out()
    {
        using var tar = Tar(
            File("step/a", "weights"),
            new GnuTarEntry(TarEntryType.HardLink, "step/sub/b") { LinkName = "step/a" },
            new GnuTarEntry(TarEntryType.HardLink, "step/c") { LinkName = "step/gone" });

        Assert.Equal((2, 14L, 1), await ReceivedFiles.WriteAsync(tar, "step", Target, default));

        Assert.Equal("weights", await System.IO.File.ReadAllTextAsync(Path.Combine(Target, "sub/b")));
    }

    [Fact]
    public async Task What_is_sent_is_what_arrives()
    {
        var source = Directory.CreateDirectory(Path.Combine(_folder.FullName, "source", "deep")).Parent!.FullName;
        await System.IO.File.WriteAllTextAsync(Path.Combine(source, "deep", new string('n', 150)), "long name");
        using var tar = new MemoryStream();

        await SentFiles.WriteAsync(tar, source, "there", default);
        tar.Position = 0;
        await ReceivedFiles.WriteAsync(tar, "there", Target, default);

        Assert.Equal("long name", await System.IO.File.ReadAllTextAsync(Path.Combine(Target, "deep", new string('n', 150))));
    }

    private static GnuTarEntry Folder(string name) => new(TarEntryType.Directory, name);

    private static GnuTarEntry File(string name, string content) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    private static MemoryStream Tar(params TarEntry[] entries)
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Gnu, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        stream.Position = 0;
        return stream;
    }
}
