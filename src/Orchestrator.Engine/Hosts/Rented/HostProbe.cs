using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts.Rented;

/// <summary>Holds a rented host against its offer before any data moves: what is paid for and does not work is given back at once.</summary>
internal sealed class HostProbe(IMachineShell shell)
{
    /// <summary>Its own limits are shorter; a machine that is beyond them all does not answer.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(5);

    /// <summary>Drivers keep some of it for themselves, and vendors count otherwise.</summary>
    private const int LeastMiBPerGB = 850;

    /// <summary>File systems keep some of a disk for themselves.</summary>
    private const double LeastOfDisk = 0.9;

    public static string Script => RentedScripts.Probe;

    /// <returns>What was seen, in words.</returns>
    /// <exception cref="HostRefusedException">It is not what was offered.</exception>
    /// <exception cref="ProviderException">It does not answer.</exception>
    public async Task<string> RequireAsync(SshEndpoint there, string folder, OfferTaken offer, CancellationToken cancellation)
    {
        var answer = await shell.RunAsync(there.Machine, Script, Arguments(folder, offer), _limit, cancellation);
        var last = answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault("");
        return last.Split(' ', 2) switch
        {
            ["refused", var why] => throw new HostRefusedException(HostFault.Machine, $"{there.Machine.Name}: {Short(why)}"),
            ["fit", var facts] => Short(facts),
            ["fit"] => "",
            _ => throw new AgentUnreachableException($"{there.Machine.Name} does not say what it has: {Short(last + " " + answer.Problems)}"),
        };
    }

    internal static string[] Arguments(string folder, OfferTaken offer)
    {
        var memory = offer.Gpu is { } name ? GpuTable.Find(name)?.MemoryGb : null;
        return
        [
            folder, offer.GpuCount.ToString(CultureInfo.InvariantCulture), ((memory ?? 0) * LeastMiBPerGB).ToString(CultureInfo.InvariantCulture),
            ((long)(offer.DiskBytes * LeastOfDisk) >> 20).ToString(CultureInfo.InvariantCulture),
        ];
    }

    private static string Short(string words) => words.Trim() is { Length: > 300 } text ? text[..300] : words.Trim();
}
