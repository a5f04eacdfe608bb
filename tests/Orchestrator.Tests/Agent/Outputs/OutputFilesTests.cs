using System.Diagnostics;
using Orchestrator.Agent;
using Orchestrator.Agent.Outputs;
using Xunit;

namespace Orchestrator.Tests.Agent.Outputs;

public sealed class OutputFilesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orc-outputs-").FullName;
    private readonly List<string> _words = [];

    public void Dispose()
    {
        // By the tool: .NET cannot delete what it cannot name.
        using var tool = Process.Start("rm", ["-rf", "--", _root]);
        tool.WaitForExit();
    }

    [Fact]
    public void A_result_that_is_a_link_is_delivered_with_what_it_leads_to()
    {
        Write("ckpt/step-5/w.bin", "12345");
        Write("out/log.txt", "1");
        Link("out/model.bin", "ckpt/step-5/w.bin");
        Link("out/last", "ckpt/step-5");

        Assert.Equal(["last/w.bin", "log.txt", "model.bin"], Names());
        Assert.Equal(5, Files().Single(file => file.Path == "model.bin").Stat.Size);
        Assert.Empty(_words);
    }

    [Fact]
    public void A_folder_that_is_delivered_anyway_is_not_delivered_twice_and_no_circle_is_followed()
    {
        Write("out/runs/7/w.bin", "1");
        Link("out/latest-run", "out/runs/7");
        Link("out/runs/7/up", "out");

        Assert.Equal(["runs/7/w.bin"], Names());
        Assert.Empty(_words);
    }

    /// <summary>It would be delivered 64 times under ever longer names, or, with two such links, never be done.</summary>
    [Fact]
    public void A_circle_that_lies_elsewhere_is_not_followed_either()
    {
        Write("scratch/run/w.bin", "1");
        Link("out/run", "scratch/run");
        Link("out/same", "scratch/run");
        Link("scratch/run/current", "scratch/run");
        Link("scratch/run/other", "scratch/run");

        Assert.Equal(["run/w.bin", "same/w.bin"], Names());
        Assert.Empty(_words);
    }

    [Fact]
    public void What_cannot_be_delivered_is_named()
    {
        Write("out/w.bin", "1");
        Link("out/broken", "ckpt/gone");
        using (var tool = Process.Start("sh", ["-c", "printf 1 > \"$0/out/r$(printf '\\351')sultat\"", _root]))
        {
            tool.WaitForExit();
        }

        Assert.Equal(["w.bin"], Names());
        Assert.Equal(2, _words.Count);
        Assert.Contains(_words, word => word == "broken is not stored: it is a link to nothing");
        Assert.Contains(_words, word => word.EndsWith("is not stored: its name is no valid text (UTF-8)", StringComparison.Ordinal));
    }

    /// <summary>No store takes such a name, and one picture's must not cost a finished training.</summary>
    [Fact]
    public void A_name_that_no_store_takes_is_left_out_and_named()
    {
        Write("out/w.bin", "1");
        Write("out/figure\n1.png", "2");

        Assert.Equal(["w.bin"], Names());
        Assert.Contains("control characters", Assert.Single(_words), StringComparison.Ordinal);
    }

    [Fact]
    public void The_agents_own_files_are_nobodys_output_whatever_leads_there()
    {
        Write("agent/state.json", "{}");
        Write("out/w.bin", "1");
        Link("out/state", "agent/state.json");
        Link("out/agent", "agent");

        Assert.Equal(["w.bin"], Names());
    }

    private IEnumerable<string> Names() => Files().Select(file => file.Path).Order(StringComparer.Ordinal);

    private List<Orchestrator.Agent.Checkpoints.EntryFile> Files()
    {
        _words.Clear();
        return OutputFiles.Of(new AgentFolder(_root), Path.Combine(_root, "out"), _words);
    }

    private void Write(string path, string content)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    private void Link(string path, string target)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.CreateSymbolicLink(full, Path.Combine(_root, target));
    }
}
