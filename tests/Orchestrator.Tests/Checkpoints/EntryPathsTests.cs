using Orchestrator.Checkpoints;
using Xunit;

namespace Orchestrator.Tests.Checkpoints;

public sealed class EntryPathsTests
{
    [Theory]
    [InlineData("step-5")]
    [InlineData("runs/v0/epoch=1-step=10.ckpt")]
    [InlineData("back\\slash")]
    [InlineData("ein schöner Name")]
    public void What_file_systems_and_stores_can_name_is_allowed(string path) => Assert.Null(EntryPaths.Problem(path));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/step-5")]
    [InlineData("step-5/")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData(".")]
    [InlineData("two\nlines")]
    [InlineData("a/\u001b[2J")]
    public void What_climbs_breaks_lines_or_is_no_text_is_not(string? path) => Assert.NotNull(EntryPaths.Problem(path));

    [Fact]
    public void Half_a_character_is_no_text() => Assert.NotNull(EntryPaths.Problem("half" + (char)0xD800));

    [Fact]
    public void Lengths_are_bounded_in_bytes_a_part_and_in_all()
    {
        Assert.Null(EntryPaths.Problem(new string('a', 255)));
        Assert.NotNull(EntryPaths.Problem(new string('ä', 128)));
        Assert.NotNull(EntryPaths.Problem(string.Concat(Enumerable.Repeat("abc/", 1024)) + "x"));
    }
}
