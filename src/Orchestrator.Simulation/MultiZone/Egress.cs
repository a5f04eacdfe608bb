namespace Orchestrator.Simulation.MultiZone;

/// <summary>What AWS bills for a gigabyte from one region's storage to another's, as the published simulator has it for North America.</summary>
public static class Egress
{
    public static double PerGigabyte(string from, string to) => (from, to) switch
    {
        _ when from == to => 0,
        ("us-east-1", "us-east-2") or ("us-east-2", "us-east-1") => 0.01,
        _ => 0.02,
    };
}
