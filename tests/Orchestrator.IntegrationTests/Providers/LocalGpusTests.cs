using Orchestrator.Providers.Local;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>This machine's own cards, asked of programs that stand in for <c>nvidia-smi</c>; what the first prints is what one H200's printed.</summary>
public sealed class LocalGpusTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-gpus-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Cards_get_the_name_that_offers_have()
    {
        var seen = Ask("echo 'NVIDIA H200'; echo 'NVIDIA H200'", TimeSpan.FromSeconds(30));

        Assert.Null(seen.Trouble);
        Assert.Equal([new("H200", 141), new("H200", 141)], seen.Cards);
    }

    [Fact]
    public void A_driver_that_fails_is_told_in_its_own_words()
    {
        var seen = Ask("echo 'Failed to initialize NVML: Driver/library version mismatch'; exit 18", TimeSpan.FromSeconds(30));

        Assert.Empty(seen.Cards);
        Assert.Contains("Driver/library version mismatch", seen.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_hangs_holds_up_nobody()
    {
        var seen = Ask("exec sleep 300", TimeSpan.FromMilliseconds(300));

        Assert.Empty(seen.Cards);
        Assert.Contains("hangs", seen.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_program_there_is_nothing_to_tell()
    {
        var seen = LocalGpus.Find(Path.Combine(_folder, "none"), TimeSpan.FromSeconds(1));

        Assert.Empty(seen.Cards);
        Assert.Null(seen.Trouble);
    }

    private LocalGpus Ask(string body, TimeSpan patience)
    {
        var program = Path.Combine(_folder, "nvidia-smi");
        File.WriteAllText(program, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return LocalGpus.Find(program, patience);
    }
}
