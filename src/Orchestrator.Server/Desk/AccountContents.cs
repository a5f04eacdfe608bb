using System.Collections.Immutable;
using Orchestrator.Determinism;
using Orchestrator.Providers;

namespace Orchestrator.Server.Desk;

/// <summary>What an account shows, told apart by whose it is.</summary>
/// <param name="Owned">On our books.</param>
/// <param name="Orphans">With our label, and no attempt that lives owns it; the sweep ends it.</param>
/// <param name="Others">With the label of another installation, or of a former epoch of this one. Never touched.</param>
/// <param name="Foreign">Of nobody we know. Never touched.</param>
internal sealed record AccountContents(ImmutableArray<ListedInstance> Owned, ImmutableArray<ListedInstance> Orphans, ImmutableArray<ListedInstance> Others, ImmutableArray<ForeignInstance> Foreign)
{
    /// <param name="list">As the account shows it.</param>
    /// <param name="epoch">Of this installation.</param>
    /// <param name="live">Labels of attempts that live, read after the list.</param>
    public static AccountContents Of(InstanceList list, string epoch, IReadOnlySet<string> live)
    {
        var ours = list.Instances.ToLookup(instance => live.Contains(instance.Label) ? "owned" : LaunchToken.TryParse(instance.Label, out var of, out _, out _) && of == epoch ? "orphan" : "other");
        return new([.. ours["owned"]], [.. ours["orphan"]], [.. ours["other"]], list.Foreign);
    }
}
