using System.Collections.Immutable;

namespace Orchestrator.Rehearsals;

/// <summary>The loss around the checkpoint as the killed attempt had it, and as the resumed one began with.</summary>
/// <param name="Before">Middle one of the killed attempt's, nearest to the checkpoint.</param>
/// <param name="After">Middle one of the resumed attempt's first.</param>
/// <param name="Allowed">How much higher the second may be: a twentieth of the first, or as much as the first ones differ among themselves.</param>
public sealed record LossComparison(double Before, double After, double Allowed)
{
    /// <summary>Of each side; one batch may be anything.</summary>
    public const int Window = 10;

    /// <summary>Fewer of the resumed attempt's say little.</summary>
    public const int Least = 3;

    private const double Share = 0.05;

    /// <summary>A lower loss is what more steps are for; a higher one is what a model has that lost its weights or its optimiser.</summary>
    public bool Continues => After <= Before + Allowed;

    /// <param name="before">Of the killed attempt.</param>
    /// <param name="after">Of the resumed one, in the order they came.</param>
    /// <param name="from">The step it resumed at; null = nobody says, and the last ones before the kill are compared.</param>
    /// <returns>Null where either side reported none.</returns>
    public static LossComparison? Of(IEnumerable<RehearsalPoint> before, IEnumerable<RehearsalPoint> after, long? from)
    {
        var known = before.Where(point => point.Loss is not null).ToList();
        var at = from ?? known.LastOrDefault()?.Step ?? 0;
        // What is before half of the way is another phase of the training: it would allow for anything.
        var near = known.Where(point => point.Step >= at / 2).OrderBy(point => Math.Abs(point.Step - at)).ThenBy(point => point.Step).Take(Window).Select(point => point.Loss!.Value).ToImmutableArray();
        var first = after.Where(point => point.Loss is not null).Take(Window).Select(point => point.Loss!.Value).ToImmutableArray();
        if (near.IsEmpty || first.IsEmpty)
        {
            return null;
        }

        var middle = Middle(near);
        return new(middle, Middle(first), Math.Max(Math.Abs(middle) * Share, near.Max() - near.Min()));
    }

    private static double Middle(ImmutableArray<double> values)
    {
        var sorted = values.Sort();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
