using Orchestrator.Agent;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Staging;
using Xunit;

namespace Orchestrator.Tests.Agent.Staging;

public sealed class SpecPathsTests
{
    private readonly SpecPaths _paths = new(new AgentFolder("/instances/i1"));

    [Theory]
    [InlineData("/ckpt", "/instances/i1/ckpt")]
    [InlineData("/data/cats/", "/instances/i1/data/cats")]
    [InlineData("/", "/instances/i1")]
    [InlineData("/agents", "/instances/i1/agents")]
    public void A_spec_path_lies_below_the_root(string path, string expected) => Assert.Equal(expected, _paths.Place(path));

    [Theory]
    [InlineData("relative")]
    [InlineData("")]
    [InlineData("/a/../../etc")]
    [InlineData("/agent")]
    [InlineData("/agent/journal.jsonl")]
    [InlineData("/a/./b")]
    [InlineData("/a\0b")]
    public void A_path_that_leaves_it_is_refused(string path) => Assert.Throws<RefusedPathException>(() => _paths.Place(path));

    [Fact]
    public void Nothing_is_written_through_a_link()
    {
        var folder = Directory.CreateTempSubdirectory("orc-paths-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, "link"), "/tmp");
            Assert.Throws<RefusedPathException>(() => SpecPaths.CreateParents(folder, folder + "/link/x/y"));
            SpecPaths.CreateParents(folder, folder + "/a/b/file");
            Assert.True(Directory.Exists(folder + "/a/b"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("e", "other", "RefusedPathException")]
    [InlineData("e", "e/../x", "RefusedPathException")]
    [InlineData("../e", "../e/x", "RefusedPathException")]
    [InlineData("/e", "/e", "RefusedPathException")]
    [InlineData("e", "", "RefusedPathException")]
    public void A_manifest_with_a_climbing_name_is_refused(string entry, string file, string expected)
    {
        var json = $$"""{"version":1,"job":"j","attempt":1,"ordinal":1,"entry":"{{entry}}","takenAt":"2026-01-01T00:00:00+00:00","files":[{"path":"{{file}}","key":"k","size":1,"hash":"h"}]}""";
        var thrown = Assert.ThrowsAny<Exception>(() => ManifestReader.Read(System.Text.Encoding.UTF8.GetBytes(json)));
        Assert.Equal(expected, thrown.GetType().Name);
    }
}
