using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;

namespace Orchestrator.Tests.Specs;

/// <summary>Reads specs at the fixed instant the example specs are written for.</summary>
internal static class SpecCase
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What a spec needs at least, for cases that are about something else.</summary>
    public const string Least = "run: python train.py\nresources: {gpu: none}\ncheckpoints: none\nbudget: {max-total: $1}\n";

    public static SpecReadOptions Options { get; } = new() { Now = Now, SpecFolder = "/home/ann/jobs", SubmitterTimeZone = "Europe/Berlin", Templates = new(null, Path.Combine(FindRoot(), "job-templates")) };

    public static string RepositoryRoot { get; } = FindRoot();

    public static string ExamplesFolder => Path.Combine(RepositoryRoot, "tests/Orchestrator.Tests/Specs/Examples");

    public static SpecReadResult Read(string text, SpecReadOptions? options = null) => SpecReader.Read(text, "job.yaml", options ?? Options);

    /// <summary>The least spec with lines added.</summary>
    public static SpecReadResult With(string lines, SpecReadOptions? options = null) => Read(Least + lines, options);

    public static JobSpec Spec(SpecReadResult result)
    {
        Xunit.Assert.True(result.Spec is not null, ProblemPrinter.Print(result));
        return result.Spec!;
    }

    public static IReadOnlyList<Problem> Errors(SpecReadResult result) => [.. result.Problems.Where(problem => problem.Severity == Severity.Error)];

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orchestrator.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests run outside the repository");
        }

        return folder;
    }
}
