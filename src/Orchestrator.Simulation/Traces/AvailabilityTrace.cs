namespace Orchestrator.Simulation.Traces;

/// <summary>When one interruptible offer could be had, in ticks of equal length.</summary>
/// <param name="Start">Where the first tick lies on the time axis of the recording, in ticks.</param>
/// <param name="Prices">Price per hour in each tick; empty where the recording has none.</param>
/// <param name="OnDemandPrice">Null where the recording has none.</param>
public sealed record AvailabilityTrace(string Name, double GapSeconds, int Start, bool[] Available, double[] Prices, double? OnDemandPrice)
{
    public int Length => Available.Length;

    /// <summary>The same recording read from its end: same outages, another order. Constants fitted forwards are tried on it.</summary>
    public AvailabilityTrace Reversed() => this with
    {
        Name = Name + " reversed",
        Available = [.. Available.Reverse()],
        Prices = [.. Prices.Reverse()],
    };

    public AvailabilityTrace Slice(int from, int length) => this with
    {
        Start = Start + from,
        Available = Available[from..(from + length)],
        Prices = Prices.Length == 0 ? [] : Prices[from..(from + length)],
    };
}
