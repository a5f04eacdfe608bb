namespace Orchestrator.Planning.Forecasting;

/// <summary>What history says about one offer's place; null = nothing.</summary>
/// <param name="Provider">All of its provider's capacity of that type.</param>
/// <param name="Kind">The same card there.</param>
/// <param name="Host">The host itself, rented this way.</param>
/// <param name="Machine">The host itself, however it was rented: its lines, its speed.</param>
internal readonly record struct Seen(Evidence? Provider, Evidence? Kind, Evidence? Host, Evidence? Machine)
{
    /// <summary>By how much interruptions are commoner here than the prior says, and how many stand behind the figure.</summary>
    public (double Factor, double Shape) Interruptions()
    {
        var factor = 1d;
        var shape = Priors.LifeStrength;
        if (Provider is null)
        {
            return (factor, shape);
        }

        Learn(Provider, ref factor, ref shape);
        Learn(Kind, ref factor, ref shape);
        Learn(Host, ref factor, ref shape);
        return (factor, shape);
    }

    /// <summary>Share of launches that will do.</summary>
    public double Boots(double prior)
    {
        if (Provider is null)
        {
            return prior;
        }

        var share = prior;
        foreach (var level in new ReadOnlySpan<Evidence?>([Provider, Kind, Host]))
        {
            if (level is { Launches: > 0 })
            {
                share = ((Priors.BootStrength * share) + level.Boots) / (Priors.BootStrength + level.Launches);
            }
        }

        return share;
    }

    public double BootHours(double prior)
    {
        var hours = Provider?.BootHours.Shrunk(prior) ?? prior;
        hours = Kind?.BootHours.Shrunk(hours) ?? hours;
        return Host?.BootHours.Shrunk(hours) ?? hours;
    }

    // Gamma prior with the mean of the level above; interruptions at the expected rate leave it where it is.
    private static void Learn(Evidence? level, ref double factor, ref double shape)
    {
        if (level is { } seen && seen.Expected + seen.Interruptions > 0)
        {
            factor *= (Priors.LifeStrength + seen.Interruptions) / (Priors.LifeStrength + (factor * seen.Expected));
            shape = Priors.LifeStrength + seen.Interruptions;
        }
    }
}
