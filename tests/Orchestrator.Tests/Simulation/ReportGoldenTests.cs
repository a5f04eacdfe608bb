using System.Globalization;
using Orchestrator.Simulation.Markets;
using Orchestrator.Simulation.Reports;
using Orchestrator.Simulation.Worlds;
using Orchestrator.Tests.Golden;
using Xunit;

namespace Orchestrator.Tests.Simulation;

/// <summary>
/// What the policies do in a few worlds, written down: whoever changes one sees what it changes. UPDATE_GOLDEN=1 writes the
/// reports anew; the difference belongs into the review.
/// </summary>
public sealed class ReportGoldenTests
{
    [Theory]
    [InlineData("short")]
    [InlineData("weekend")]
    [InlineData("no-checkpoints")]
    [InlineData("tight-budget")]
    [InlineData("recorded")]
    public void The_report_is_the_one_that_was_reviewed(string name)
    {
        var (job, seed, market) = name switch
        {
            "short" => (SimulatorTests.Job(hours: 2), 1, null),
            "weekend" => (SimulatorTests.Job(hours: 30, card: "RTX 5090"), 2, null),
            "no-checkpoints" => (SimulatorTests.Job(hours: 3, checkpoints: false, card: "RTX 3090"), 3, null),
            "tight-budget" => (SimulatorTests.Job(hours: 20, budget: 4), 4, null),
            _ => (SimulatorTests.Job(hours: 8), 5, new RecordedMarket(CheckedInMarket.Read())),
        };
        var report = Simulator.Run(job with { Name = name }, market, new SimulationOptions { Worlds = 24, Seed = seed, Parallel = 2 });
        var text = string.Join('\n', ReportText.Lines(report).Append("").Concat(report.Policies.SelectMany(policy => policy.Runs.Take(8).Select(run => Line(policy.Name, run))))) + "\n";
        var path = Path.Combine(GoldenFile.Folder("Reports"), name + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    private static string Line(string policy, RunResult run) => string.Create(CultureInfo.InvariantCulture,
        $"{policy,-18} world {run.World,2}  {run.Phase,-9} ${Figures.Digits(run.Cost.Total.MicroDollars / 1e6),-8} {Figures.Digits(run.Time.TotalHours),6} h  {run.Attempts} attempts, {run.Interruptions} interruptions, lost {Figures.Digits(run.LostWork.TotalHours)} h; first {run.FirstOffer?.Provider} {run.FirstOffer?.Id}");
}
