using Orchestrator.Engine.Hosts;
using Orchestrator.Engine.Hosts.Rented;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent.Portable;

/// <summary>The shell's questions, asked by the shells of real systems.</summary>
public sealed class PreflightTests
{
    [PortableTheory]
    [InlineData(MinimalRoot.Bullseye, "2.31", 0, "fit: glibc 2.31,")]
    [InlineData(MinimalRoot.Bullseye, "2.34", 12, "glibc is 2.31 here; the agent needs 2.34 or newer")]
    [InlineData(MinimalRoot.Trixie, "2.31", 0, "fit: glibc 2.41,")]
    [InlineData(MinimalRoot.Trixie, "3.1", 12, "glibc is 2.41 here; the agent needs 3.1 or newer")]
    public void The_version_of_glibc_decides(string suite, string needed, int code, string words)
    {
        using var system = new MinimalRoot(suite);

        var (exitCode, output) = system.Execute(HostPreflight.Script, "sh", "-s", "--", "/work", needed, "1");

        Assert.Equal(code, exitCode);
        Assert.StartsWith(words, output, StringComparison.Ordinal);
        Assert.Single(output.TrimEnd().Split('\n'));
    }

    [PortableFact]
    public void An_image_with_musl_is_refused_as_such()
    {
        using var system = new MinimalRoot(MinimalRoot.Trixie);
        // All that is left runs without a C library.
        File.Delete(Path.Combine(system.Folder, "usr/bin/sh"));
        File.CreateSymbolicLink(Path.Combine(system.Folder, "usr/bin/sh"), "busybox");
        File.Delete(Path.Combine(system.Folder, "usr/lib64/ld-linux-x86-64.so.2"));
        Assert.Equal(12, Ask(system).Code);
        File.WriteAllText(Path.Combine(system.Folder, "usr/lib/ld-musl-x86_64.so.1"), "");

        var (code, output) = Ask(system);

        Assert.Equal(11, code);
        Assert.StartsWith("this image has musl instead of glibc", output, StringComparison.Ordinal);
    }

    /// <summary>A shell alone; and busybox, whose wget takes addresses by argument only, where everybody could read them.</summary>
    [PortableTheory]
    [InlineData(MinimalRoot.Bullseye, "sh", "untried the image has neither curl nor python3 nor wget")]
    [InlineData(MinimalRoot.Trixie, "sh", "untried the image has neither curl nor python3 nor wget")]
    [InlineData(MinimalRoot.Trixie, "busybox sh", "untried wget ends with 1: wget: invalid option -- 'i'")]
    public void What_fetches_nothing_is_not_tried_on_the_store(string suite, string shell, string words)
    {
        using var system = new MinimalRoot(suite);

        var (exitCode, output) = system.Execute("url='http://127.0.0.1:1/noise?signature'\n" + RentedScripts.FetchStore, [.. shell.Split(' '), "-s", "--", "/tmp", "8", "5"]);

        Assert.Equal(0, exitCode);
        Assert.StartsWith(words, output, StringComparison.Ordinal);
        Assert.DoesNotContain("signature", output, StringComparison.Ordinal);
    }

    private static (int Code, string Output) Ask(MinimalRoot system) => system.Execute(HostPreflight.Script, "sh", "-s", "--", "/work", "2.31", "1");
}
