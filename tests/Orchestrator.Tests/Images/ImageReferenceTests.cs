using Orchestrator.Engine.Images;
using Xunit;

namespace Orchestrator.Tests.Images;

public sealed class ImageReferenceTests
{
    private const string Digest = "sha256:0f3c5d1e9a7b24866c1f0d3e5a9b7c2d4e6f8091a2b3c4d5e6f708192a3b4c5d";

    [Theory]
    [InlineData("debian", "docker.io", "library/debian", "latest", null)]
    [InlineData("pytorch/pytorch:2.6.0-cuda12.6-cudnn9-runtime", "docker.io", "pytorch/pytorch", "2.6.0-cuda12.6-cudnn9-runtime", null)]
    [InlineData("index.docker.io/acme/x", "docker.io", "acme/x", "latest", null)]
    [InlineData("ghcr.io/acme/axolotl:2026.11", "ghcr.io", "acme/axolotl", "2026.11", null)]
    [InlineData("localhost/x", "localhost", "x", "latest", null)]
    [InlineData("localhost:5000/team/x:1", "localhost:5000", "team/x", "1", null)]
    [InlineData("[::1]:5000/x:1", "[::1]:5000", "x", "1", null)]
    [InlineData("registry.lab:8443/a/b/c", "registry.lab:8443", "a/b/c", "latest", null)]
    [InlineData("GHCR.io/acme/x", "ghcr.io", "acme/x", "latest", null)]
    [InlineData("ghcr.io/acme/trainer@" + Digest, "ghcr.io", "acme/trainer", null, Digest)]
    [InlineData("ghcr.io/acme/trainer:1@" + Digest, "ghcr.io", "acme/trainer", "1", Digest)]
    public void What_people_leave_out_is_filled_in(string text, string registry, string repository, string? tag, string? digest) =>
        Assert.Equal(new ImageReference(registry, repository, tag, digest), ImageReference.Parse(text, out _));

    [Theory]
    [InlineData("", "repository")]
    [InlineData("Acme/Trainer", "lower-case")]
    [InlineData("acme//x", "repository")]
    [InlineData("acme/x:", "tag")]
    [InlineData("acme/x:a b", "tag")]
    [InlineData("acme/x@sha256:12", "digest")]
    [InlineData("acme/x@" + Digest + "0", "digest")]
    [InlineData("ghcr.io:port/x", "registry")]
    [InlineData("../x", "registry")]
    [InlineData("ghcr.io/", "repository")]
    public void What_is_none_is_told_apart(string text, string about)
    {
        Assert.Null(ImageReference.Parse(text, out var problem));
        Assert.Contains(about, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Docker_Hub_answers_elsewhere_than_its_name()
    {
        var image = ImageReference.Parse("debian", out _)!;

        Assert.Equal(("registry-1.docker.io", "docker.io/library/debian@" + Digest), (image.ApiHost, image.Pinned(Digest)));
    }
}
