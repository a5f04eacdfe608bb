using Orchestrator.Engine.Hosts;
using Xunit;

namespace Orchestrator.Tests.Hosts;

public sealed class TrustBundleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-trust-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_stores_own_authority_comes_beside_those_of_the_machine_and_a_renewed_one_counts_at_once()
    {
        var own = Path.Combine(_folder, "ca.pem");
        File.WriteAllText(own, "first, without a line end");
        var machine = TrustBundle.Read([])?.Pem ?? "";

        var before = TrustBundle.Read([own])!;
        File.WriteAllText(own, "renewed");
        var after = TrustBundle.Read([own])!;

        Assert.Equal(machine + "first, without a line end\n", before.Pem);
        Assert.Equal(machine + "renewed\n", after.Pem);
        Assert.NotEqual(before.Hash, after.Hash);
    }

    [Fact]
    public void A_file_that_is_missing_is_an_error_and_not_an_empty_list() =>
        Assert.Throws<FileNotFoundException>(() => TrustBundle.Read([Path.Combine(_folder, "none.pem")]));
}
