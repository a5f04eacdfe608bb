namespace Orchestrator.Server.Api;

/// <param name="Name">As the configuration calls it; specs say <c>ssh/NAME</c>.</param>
/// <param name="Address">Where it is reached.</param>
/// <param name="Has">CPUs and GPUs; null = nobody has looked yet.</param>
/// <param name="SlotsUsed">When it last answered.</param>
/// <param name="Slots">0 = nobody has looked yet.</param>
/// <param name="PricePerHour">Dollars for the whole machine.</param>
/// <param name="State">ready, banned, trouble, closed (outside its hours), expired, gone or unknown.</param>
/// <param name="Why">The reason of a ban, or the trouble.</param>
public sealed record MachineState(string Name, string Address, string? Has, int SlotsUsed, int Slots, decimal PricePerHour, string State, string? Why)
{
    /// <summary>What came from stores reached at best in the last 30 days; null = too little came to tell.</summary>
    public double? DownMbps { get; init; }

    /// <summary>The same for what went there.</summary>
    public double? UpMbps { get; init; }
}
