using System.Collections.Immutable;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Templates;
using Orchestrator.Jobs;
using Orchestrator.Server.Api;
using Orchestrator.Server.Composition;
using Stored = Orchestrator.Engine.Submitting;

namespace Orchestrator.Server.Desk;

/// <summary>A spec as the API has it, in the engine's words: for what runs it, rehearses it, plans it or only reads it.</summary>
internal static class HandedSpecs
{
    /// <exception cref="DeskException">Nothing is rented while the installation is recovered.</exception>
    internal static void RequireRenting(Installation installation)
    {
        if (installation.Status.Recovered is { } why)
        {
            throw new DeskException(Refusal.Policy, $"recovered mode, nothing is rented: {why}", "look at `orchestrator doctor`, then: orchestrator recover --confirm");
        }
    }

    internal static Stored.SubmitRequest For(this SubmitRequest spec, string owner, ServeOptions options) => new()
    {
        Text = spec.Yaml,
        FileName = spec.FileName,
        Folder = spec.Folder,
        Zone = Zone(spec, options),
        Sets = Sets(spec),
        Defaults = options.Configuration.Defaults,
        Owner = owner,
    };

    internal static SpecReadResult Read(this SubmitRequest spec, DateTimeOffset now, ServeOptions options) => SpecReader.Read(spec.Yaml, spec.FileName, new SpecReadOptions
    {
        Now = now,
        SubmitterTimeZone = Zone(spec, options),
        SpecFolder = spec.Folder,
        Sets = [.. Sets(spec).Select(SpecSetting.Parse).OfType<SpecSetting>()],
        ServerDefaults = options.Configuration.Defaults,
        Templates = TemplateFolders.Of(options.Folder),
    });

    internal static ImmutableArray<SpecProblem> Lines(IEnumerable<Problem> problems, string fileName) =>
    [
        .. problems.Select(problem => new SpecProblem(problem.Line, problem.Column, problem.Severity == Severity.Error ? "error" : "note", ProblemPrinter.Line(fileName, problem))),
    ];

    private static string Zone(SubmitRequest spec, ServeOptions options) => spec.TimeZone.Length > 0 ? spec.TimeZone : options.Configuration.TimeZone ?? "UTC";

    /// <summary>A script may leave them out.</summary>
    private static ImmutableArray<string> Sets(SubmitRequest spec) => spec.Sets.IsDefault ? [] : spec.Sets;
}
