using System.Security.Cryptography;
using Orchestrator.Engine.Hosts;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent.Portable;

/// <summary>The file itself: what it asks of a host, and that the note beside it says the same.</summary>
public sealed class AgentFileTests
{
    private const long Most = 11_000_000;

    [PortableFact]
    public void The_agent_needs_no_newer_glibc_than_2_31_no_libssl_no_libstdcxx_and_is_small()
    {
        var file = new ElfFile(AgentBinary.Path);

        Assert.True(file.HighestGlibc <= new Version(2, 31), $"it needs glibc {file.HighestGlibc}");
        Assert.Contains("libc.so.6", file.Libraries);
        Assert.DoesNotContain(file.Libraries, name => name.StartsWith("libssl", StringComparison.Ordinal)
            || name.StartsWith("libcrypto", StringComparison.Ordinal) || name.StartsWith("libstdc++", StringComparison.Ordinal) || name.StartsWith("libgcc_s", StringComparison.Ordinal));
        Assert.InRange(new FileInfo(AgentBinary.Path).Length, 1, Most);
    }

    [PortableFact]
    public void The_note_beside_the_agent_says_what_the_file_says()
    {
        var build = AgentBuild.Beside(AgentBinary.Path)!;

        Assert.True(build.IsPortable);
        Assert.Equal(new ElfFile(AgentBinary.Path).HighestGlibc, Version.Parse(build.Glibc));
        Assert.Equal(new FileInfo(AgentBinary.Path).Length, build.Size);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(AgentBinary.Path))), build.Sha256);
        Assert.Equal(AgentInstance.Execute("version").Output.Trim(), build.Version);
    }

    [Fact]
    public void The_reader_sees_what_a_program_of_this_system_needs()
    {
        // The shell links glibc and little else, on every system: a reader that saw nothing would pass everything.
        var shell = new ElfFile(new FileInfo("/bin/sh").ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? "/bin/sh");

        Assert.Contains("libc.so.6", shell.Libraries);
        Assert.True(shell.HighestGlibc >= new Version(2, 4), shell.HighestGlibc.ToString());
    }
}
