using Xunit;

namespace Orchestrator.Tests.Architecture;

public sealed class FileTests
{
    private const int MaxLines = 300;

    [Fact]
    public void No_source_file_is_longer_than_300_lines()
    {
        var files = Directory.GetFiles(DependencyTests.Source(), "*.cs", SearchOption.AllDirectories).Where(f => !IsBuilt(f)).ToArray();
        var longer = files.Select(f => (Name: Path.GetFileName(f), Lines: File.ReadLines(f).Count())).Where(f => f.Lines > MaxLines);

        Assert.True(files.Length > 50);
        Assert.Empty(longer);
    }

    private static bool IsBuilt(string file) => file.Split(Path.DirectorySeparatorChar).Any(p => p is "obj" or "bin");
}
