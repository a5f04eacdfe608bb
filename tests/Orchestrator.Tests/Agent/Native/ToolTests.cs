using System.Diagnostics;
using Orchestrator.Agent.Native;
using Xunit;

namespace Orchestrator.Tests.Agent.Native;

public sealed class ToolTests
{
    [Fact]
    public async Task A_tool_that_takes_too_long_is_ended_with_all_it_started()
    {
        using var folder = new TemporaryFolder();
        var started = folder.File("started");

        var child = "";
        // A loaded machine may need longer than that to start a shell at all.
        for (var limit = TimeSpan.FromMilliseconds(500); child.Length == 0; limit *= 4)
        {
            Assert.True(limit < TimeSpan.FromMinutes(3), "the tool never came to start anything");
            Assert.Equal(137, Tool.Run("sh", ["-c", "sleep 600 & echo $! >\"$1\"; wait", "sh", started], folder.File("out"), limit));
            child = File.Exists(started) ? File.ReadAllText(started).Trim() : "";
        }

        var patience = Stopwatch.StartNew();
        while (IsRunning(child))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(60), $"process {child} outlives the tool that started it");
            await Task.Delay(20);
        }
    }

    private static bool IsRunning(string process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/status").Contains("State:\tZ", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException)
        {
            return false;
        }
    }
}
