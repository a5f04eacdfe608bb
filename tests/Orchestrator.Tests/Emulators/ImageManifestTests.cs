using Orchestrator.Emulators;
using Xunit;

namespace Orchestrator.Tests.Emulators;

public sealed class ImageManifestTests
{
    [Fact]
    public void A_manifest_says_how_much_is_pulled() => Assert.Equal(
        (30_000_000_500L, null), ImageManifest.Read("""{"schemaVersion":2,"config":{"size":1469},"layers":[{"size":30000000000},{"size":500}]}""", "linux", "amd64"));

    [Fact]
    public void An_index_says_where_the_manifest_for_this_machine_is()
    {
        const string Index =
            """{"manifests":[{"digest":"sha256:arm","platform":{"architecture":"arm64","os":"linux"}},{"digest":"sha256:ours","platform":{"architecture":"amd64","os":"linux"}}]}""";

        Assert.Equal((0, "sha256:ours"), ImageManifest.Read(Index, "linux", "amd64"));
        Assert.Contains("linux/s390x", Assert.Throws<InvalidOperationException>(() => ImageManifest.Read(Index, "linux", "s390x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_neither_is_said_to_be() => Assert.Throws<InvalidOperationException>(() => ImageManifest.Read("""{"errors":[]}""", "linux", "amd64"));
}
