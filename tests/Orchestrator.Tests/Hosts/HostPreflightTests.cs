using System.Diagnostics;
using Orchestrator.Engine.Hosts;
using Xunit;

namespace Orchestrator.Tests.Hosts;

/// <summary>The script itself, run by this machine's shell with tools that tell of other machines.</summary>
public sealed class HostPreflightTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-preflight-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_machine_like_this_one_is_fit_and_nothing_is_left_behind()
    {
        var (code, output) = Ask("2.4");

        Assert.True(code == 0, output);
        Assert.StartsWith("fit: glibc ", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_folder, "wor'k")));
    }

    [Theory]
    [InlineData("aarch64", "glibc 2.36", 10, "the processor or system is Linux aarch64")]
    [InlineData("x86_64", "glibc 2.27", 12, "glibc is 2.27 here; the agent needs 2.31 or newer")]
    [InlineData("x86_64", "glibc 1.99", 12, "glibc is 1.99 here")]
    [InlineData("x86_64", "glibc 2.31", 0, "fit: glibc 2.31,")]
    [InlineData("x86_64", "glibc 2.100", 0, "fit: glibc 2.100,")]
    [InlineData("x86_64", "glibc 3.0", 0, "fit: glibc 3.0,")]
    public void Another_machine_is_refused_for_what_it_is(string processor, string glibc, int code, string words)
    {
        Tool("uname", $"[ \"$1\" = -s ] && echo Linux || echo {processor}");
        Tool("getconf", $"echo {glibc}");

        var (exitCode, output) = Ask("2.31");

        Assert.Equal(code, exitCode);
        Assert.StartsWith(words, output, StringComparison.Ordinal);
        Assert.Single(output.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Where_getconf_is_missing_ldd_is_asked()
    {
        Tool("getconf", "exit 127");
        Tool("ldd", "echo 'ldd (Ubuntu GLIBC 2.30-0ubuntu9.17) 2.30'; echo 'Copyright'");

        Assert.StartsWith("glibc is 2.30 here", Ask("2.31").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_said_before_anything_is_copied()
    {
        Tool("df", "echo Filesystem 1024-blocks Used Available Capacity Mounted; echo /dev/sda1 1000000 990000 10240 99% /");

        var (code, output) = Ask("2.4");

        Assert.Equal(14, code);
        Assert.StartsWith("only 10 MB are free where ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");

        var (code, output) = Ask("2.4", "file/below");

        Assert.Equal(15, code);
        Assert.Contains("file/below cannot be made", output, StringComparison.Ordinal);
    }

    private (int Code, string Output) Ask(string glibc, string folder = "wor'k")
    {
        var start = new ProcessStartInfo("sh", ["-s", "--", Path.Combine(_folder, folder), glibc, "75"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{Path.Combine(_folder, "tools")}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        process.StandardInput.Write(HostPreflight.Script);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private void Tool(string name, string script)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "tools")).FullName, name);
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
