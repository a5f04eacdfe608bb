using Orchestrator.Simulation.Worlds;

namespace Orchestrator.Simulation.Reports;

/// <summary>Ours against another policy, world by world, over those in which both succeeded.</summary>
/// <param name="Against">The other one.</param>
/// <param name="Worlds">Compared.</param>
/// <param name="Saved">Dollars that ours costs less.</param>
/// <param name="Share">Of the other's mean cost.</param>
/// <param name="CheaperIn">Share of the worlds in which ours costs less.</param>
public sealed record Comparison(string Against, int Worlds, Figures Saved, double Share, double CheaperIn)
{
    public static Comparison Of(PolicyReport ours, PolicyReport other)
    {
        List<double> saved = [];
        var theirs = 0.0;
        foreach (var (mine, his) in ours.Runs.Zip(other.Runs))
        {
            if (mine.Succeeded && his.Succeeded)
            {
                saved.Add(Cost(his) - Cost(mine));
                theirs += Cost(his);
            }
        }

        return new Comparison(
            other.Name, saved.Count, Figures.Of(saved),
            Figures.Digits(theirs > 0 ? saved.Sum() / theirs : 0), Figures.Digits(saved.Count(value => value > 0) / (double)Math.Max(1, saved.Count)));
    }

    private static double Cost(RunResult run) => PolicyReport.Dollars(run.Cost.Total);
}
