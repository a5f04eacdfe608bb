using Orchestrator.Agent.Transfers;

namespace Orchestrator.Agent;

/// <summary>The command <c>verify</c>: is this program the one that was sent? For hosts that have no tool to hash with.</summary>
internal static class SelfCheck
{
    /// <summary>XXH128, which the agent brings along for checkpoints: it is damage that is looked for, the host's owner could change anything.</summary>
    public static async Task<int> RunAsync(string expected)
    {
        var hash = (await FileHash.OfAsync(Environment.ProcessPath!, CancellationToken.None)).Whole;
        if (hash == expected)
        {
            return 0;
        }

        StandardStreams.Error($"orchestrator-agent: its hash is {hash}");
        return 1;
    }
}
