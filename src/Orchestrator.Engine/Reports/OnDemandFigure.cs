namespace Orchestrator.Engine.Reports;

/// <summary>What the same hours would have cost on demand, as far as prices were seen.</summary>
/// <param name="Cost">On demand.</param>
/// <param name="Instead">What the same instances have cost within the period.</param>
/// <param name="Compared">So many they are.</param>
/// <param name="Unknown">Instances for whose cards and hours no on-demand price was seen: in neither sum.</param>
public sealed record OnDemandFigure(Money Cost, Money Instead, int Compared, int Unknown)
{
    public const string How =
        "simulated: the same cards for the hours in which hosts ran, at the lowest on-demand price seen in that hour (or within six hours of it); disks and gigabytes as they were; nothing else is taken to be different";
}
