using System.Diagnostics;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.Sources;

/// <summary>A git repository with a working copy, and a bare one that others fetch from.</summary>
internal sealed class TestRepository : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-git-").FullName;

    public TestRepository()
    {
        Git("init", "--quiet", "--bare", "--initial-branch=main", Bare);
        Git("init", "--quiet", "--initial-branch=main", Work);
        Git("-C", Work, "remote", "add", "origin", Bare);
    }

    public string Bare => Path.Combine(_folder, "bare.git");

    public string Work => Path.Combine(_folder, "work");

    public string Url => "file://" + Bare;

    /// <summary>Commits what is written and pushes it; gives the commit.</summary>
    public string Commit(params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Work, path))!);
            File.WriteAllText(Path.Combine(Work, path), text);
        }

        Git("-C", Work, "add", "--all", "--force");
        Git("-C", Work, "commit", "--quiet", "--allow-empty", "--message", "x");
        Push("HEAD");
        return Git("-C", Work, "rev-parse", "HEAD");
    }

    public void Push(string what) => Git("-C", Work, "push", "--quiet", "origin", what);

    public string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, string.Join(' ', arguments) + ": " + errors.Result);
        return output.Trim();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
