using System.Collections.Immutable;

namespace Orchestrator.Rehearsals;

/// <summary>The loss around the checkpoint as the killed attempt had it, and as the resumed one began with.</summary>
/// <param name="Before">Where the line through the killed attempt's nearest ones is at the checkpoint.</param>
/// <param name="After">Middle one of the resumed attempt's first.</param>
/// <param name="Allowed">How much higher the second may be: a twentieth of the first, or as much as the first ones differ from their line among themselves.</param>
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
        var near = known.Where(point => point.Step >= at / 2).OrderBy(point => Math.Abs(point.Step - at)).ThenBy(point => point.Step).Take(Window).Select(point => (X: (double)(point.Step - at), Y: point.Loss!.Value)).ToImmutableArray();
        var first = after.Where(point => point.Loss is not null).Take(Window).Select(point => point.Loss!.Value).ToImmutableArray();
        if (near.IsEmpty || first.IsEmpty)
        {
            return null;
        }

        // Early on a curve falls steeply. How far it fell in these steps is no noise, and would allow for a model that has lost its weights.
        var slope = Slope(near);
        var apart = near.Select(point => point.Y - (slope * point.X)).ToImmutableArray();
        var there = Middle(apart);
        return new(there, Middle(first), Math.Max(Math.Abs(there) * Share, apart.Max() - apart.Min()));
    }

    /// <summary>Of the line through the points by Theil and Sen: the middle one of the slopes of all pairs, which a few odd points do not move.</summary>
    private static double Slope(ImmutableArray<(double X, double Y)> points)
    {
        var slopes = points.SelectMany((one, i) => points.Skip(i + 1).Where(other => other.X != one.X).Select(other => (other.Y - one.Y) / (other.X - one.X))).ToImmutableArray();
        return slopes.IsEmpty ? 0 : Middle(slopes);
    }

    private static double Middle(ImmutableArray<double> values)
    {
        var sorted = values.Sort();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
