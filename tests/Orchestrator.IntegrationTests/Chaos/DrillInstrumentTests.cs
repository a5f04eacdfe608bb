using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.Engine.Processes;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>The instruments of the crash drill: a count of zero means something only if they can count.</summary>
public sealed class DrillInstrumentTests : IDisposable
{
    private const long Job = 7;
    private readonly Site _site = new("probe");

    [Fact]
    public void A_whole_checkpoint_is_read_with_its_step()
    {
        var manifest = Store([Content(12), Content(12)]);

        var read = StoreLook.Read(_site, manifest)!;

        Assert.Null(read.Fault);
        Assert.Equal(12, read.Step);
        Assert.Equal([manifest], StoreLook.Manifests(_site, "probe", Job));
    }

    [Fact]
    public void Files_of_different_steps_are_mixed_though_each_is_what_the_manifest_says() =>
        Assert.Contains("mixed", StoreLook.Read(_site, Store([Content(12), Content(13)]))!.Fault!, StringComparison.Ordinal);

    [Fact]
    public void One_file_of_two_steps_is_mixed() =>
        Assert.Contains("mixed", StoreLook.Read(_site, Store([Content(12) + Content(13)]))!.Fault!, StringComparison.Ordinal);

    [Fact]
    public void Missing_short_and_altered_files_are_found()
    {
        var manifest = Store([Content(12)]);
        var file = StoreLook.Read(_site, manifest)!.Files[0];
        File.WriteAllText(file, Content(14));
        Assert.Contains("not what its manifest says", StoreLook.Read(_site, manifest)!.Fault!, StringComparison.Ordinal);
        File.WriteAllText(file, "");
        Assert.Contains("bytes", StoreLook.Read(_site, manifest)!.Fault!, StringComparison.Ordinal);
        File.Delete(file);
        Assert.Contains("missing", StoreLook.Read(_site, manifest)!.Fault!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_live_instances_of_one_job_are_seen_and_two_of_two_jobs_are_not()
    {
        using var witness = new Witness(_site);
        var first = StartInstance("i-1", "orc-abc-7-1");
        var other = StartInstance("i-2", "orc-abc-8-1");
        await Wait.UntilAsync(() => witness.InstancesSeen(7) == 1 && witness.InstancesSeen(8) == 1, "both to be seen", TimeSpan.FromSeconds(20));
        var samples = witness.Samples;
        await Wait.UntilAsync(() => witness.Samples > samples + 3, "a few looks", TimeSpan.FromSeconds(20));
        Assert.Empty(witness.Overlaps());

        var second = StartInstance("i-3", "orc-abc-7-2");

        await Wait.UntilAsync(() => witness.Overlaps().Any(overlap => overlap is { Job: 7, What: "instances" }), "the overlap", TimeSpan.FromSeconds(20));
        Assert.Equal(3, _site.InstanceProcesses().Count);
        Assert.Equal(1, await _site.KillInstanceAsync("i-3"));
        Assert.False(second.IsAlive());
        Assert.True(first.IsAlive() && other.IsAlive());
    }

    public void Dispose() => _site.Dispose();

    /// <summary>Something with the command line of a supervisor.</summary>
    private ProcessIdentity StartInstance(string id, string label)
    {
        var root = Directory.CreateDirectory(Path.Combine(_site.Instances, id)).FullName;
        return DetachedProcess.Start(new()
        {
            Program = "/bin/sh",
            Arguments = ["-c", "while sleep 0.2 </dev/null; do :; done", "supervise", "--root", root, "--label", label],
            LogFile = "/dev/null",
        });
    }

    private static string Content(int step) => string.Concat(Enumerable.Repeat($"step {step:D10} {new string('a', 32)}".PadRight(63, '.') + "\n", 10));

    private string Store(IReadOnlyList<string> contents)
    {
        const string Prefix = "jobs/probe-7/abc/a0001/checkpoints/000001/";
        var files = new JsonArray();
        foreach (var (content, number) in contents.Select((content, number) => (content, number)))
        {
            var key = $"{Prefix}files/step-12/part-{number}.bin";
            var path = Path.Combine(_site.Store, key);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
            files.Add(new JsonObject { ["path"] = $"step-12/part-{number}.bin", ["key"] = key, ["size"] = content.Length, ["hash"] = Convert.ToHexStringLower(XxHash128.Hash(Encoding.ASCII.GetBytes(content))) });
        }

        var manifest = Path.Combine(_site.Store, Prefix, "manifest.json");
        File.WriteAllText(manifest, new JsonObject { ["attempt"] = 1, ["ordinal"] = 1, ["files"] = files }.ToJsonString());
        return manifest;
    }
}
