using System.Collections.Immutable;

namespace Orchestrator.Recovery.Deadlines;

/// <summary>
/// What is assumed of interruptible capacity until a place has shown what it is like. Printed by <c>orchestrator simulate
/// fit-availability</c> (seed 78) from the first half of the time axis of the "Can't Be Late" recording, all eight
/// environments as one: AWS, K80 and V100, steps of ten minutes. More states than five and five raise the likelihood of that
/// half no further.
/// </summary>
public static class AvailabilityModels
{
    private const double TenMinutes = 600;

    /// <summary>Five ways of being up, from two steps to forty, and five of being down.</summary>
    public static AvailabilityModel OfOnePlace { get; } = Of(5,
    [
        [0.3631, 0.0003, 0.0078, 0.0003, 0.0007, 0.0139, 0.0063, 0.4848, 0.0285, 0.0943],
        [0.0001, 0.7831, 0.0002, 0.0002, 0.0016, 0.0031, 0.2099, 0.0001, 0.0018, 0.0000],
        [0.0090, 0.0001, 0.8407, 0.0001, 0.0010, 0.0001, 0.0001, 0.0572, 0.0788, 0.0129],
        [0.0001, 0.0001, 0.0001, 0.9662, 0.0011, 0.0317, 0.0001, 0.0001, 0.0004, 0.0000],
        [0.0001, 0.0000, 0.0002, 0.0028, 0.9752, 0.0006, 0.0000, 0.0001, 0.0201, 0.0007],
        [0.0006, 0.0736, 0.0031, 0.8474, 0.0344, 0.0150, 0.0012, 0.0063, 0.0174, 0.0010],
        [0.0013, 0.7028, 0.0006, 0.0006, 0.0051, 0.0017, 0.2740, 0.0003, 0.0134, 0.0001],
        [0.1587, 0.0001, 0.0619, 0.0001, 0.0012, 0.0001, 0.0001, 0.7692, 0.0036, 0.0049],
        [0.0004, 0.0000, 0.0642, 0.0001, 0.0274, 0.0001, 0.0000, 0.0004, 0.9058, 0.0016],
        [0.0200, 0.0017, 0.0002, 0.0000, 0.0000, 0.0000, 0.0011, 0.0005, 0.0001, 0.9764],
    ]);

    /// <summary>Coarser, since several places multiply: a short and a long way of being up, and of being down.</summary>
    public static AvailabilityModel OfSeveralPlaces { get; } = Of(2,
    [
        [0.7003, 0.0054, 0.1912, 0.1031],
        [0.0027, 0.9657, 0.0270, 0.0046],
        [0.4522, 0.1731, 0.3142, 0.0605],
        [0.0432, 0.0051, 0.0176, 0.9341],
    ]);

    private static AvailabilityModel Of(int up, double[][] rows) =>
        new(TenMinutes, up, [.. rows.Select(row => row.Select(chance => chance / row.Sum()).ToImmutableArray())]);
}
