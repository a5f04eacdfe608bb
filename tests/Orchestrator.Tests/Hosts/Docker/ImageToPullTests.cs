using Orchestrator.Engine.Hosts.Docker;
using Xunit;

namespace Orchestrator.Tests.Hosts.Docker;

public sealed class ImageToPullTests
{
    [Theory]
    [InlineData("debian", "debian", "latest", "debian:latest")]
    [InlineData("debian:12", "debian", "12", "debian:12")]
    [InlineData("localhost:5000/a/b", "localhost:5000/a/b", "latest", "localhost:5000/a/b:latest")]
    [InlineData("localhost:5000/a/b:1", "localhost:5000/a/b", "1", "localhost:5000/a/b:1")]
    [InlineData("ghcr.io/a/b@sha256:0f", "ghcr.io/a/b", "sha256:0f", "ghcr.io/a/b@sha256:0f")]
    [InlineData("ghcr.io/a/b:1@sha256:0f", "ghcr.io/a/b", "sha256:0f", "ghcr.io/a/b@sha256:0f")]
    public void A_reference_has_a_name_and_one_version(string reference, string name, string version, string exact)
    {
        var image = new ImageToPull(reference);

        Assert.Equal((name, version, exact), (image.Name, image.Version, image.Exact));
    }

    [Fact]
    public void Its_password_is_not_printed() => Assert.DoesNotContain("hidden", new ImageToPull("a/b", "ghcr.io", "eva", "hidden").ToString(), StringComparison.Ordinal);
}
