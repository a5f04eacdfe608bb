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

        factor *= Change(Provider, factor, Priors.ProviderStrength);
        factor *= Change(Kind, factor, Priors.KindStrength);
        factor *= Change(Host, factor, Priors.LifeStrength);
        shape += Host?.Interruptions ?? 0;
        return (factor, shape);
    }

    /// <summary>Share of launches that will do.</summary>
    public double Boots(double prior)
    {
        if (Provider is null)
        {
            return prior;
        }

        var share = Boots(Provider, prior, Priors.WideBootStrength);
        share = Boots(Kind, share, Priors.WideBootStrength);
        return Boots(Host, share, Priors.BootStrength);
    }

    public double BootHours(double prior)
    {
        var hours = Provider?.BootHours.Shrunk(prior, Priors.WideMeanStrength) ?? prior;
        hours = Kind?.BootHours.Shrunk(hours, Priors.WideMeanStrength) ?? hours;
        return Host?.BootHours.Shrunk(hours) ?? hours;
    }

    // Gamma prior with the mean of the level above; interruptions at the expected rate leave it where it is.
    private static double Change(Evidence? level, double factor, double strength) =>
        level is null ? 1 : (strength + level.Interruptions) / (strength + (factor * level.Expected));

    private static double Boots(Evidence? level, double share, double strength) =>
        level is null ? share : ((strength * share) + level.Boots) / (strength + level.Launches);
}
