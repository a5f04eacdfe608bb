using System.Collections.Immutable;
using Orchestrator.Batches;
using Orchestrator.Engine.Templates;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Reads a spec: YAML to nodes, nodes to <see cref="JobSpec"/>, rules. Every problem of the file is found in one run.</summary>
public static class SpecReader
{
    /// <summary>Instants of a series that are looked at when it is submitted, and shown.</summary>
    public const int Firings = 3;

    /// <summary>Never throws for what the file says; touches neither clock nor disk, but for the template it names.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="fileName">Shown in front of problems; its stem is the default name.</param>
    /// <param name="options">The outside inputs.</param>
    public static SpecReadResult Read(string text, string fileName, SpecReadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var read = WithCells(ReadOnce(text, fileName, options), text, options);
        return options.IsRun || read.Spec?.Schedule is not { Cron: { } cron } schedule || Calendar.Zone(schedule.Zone) is not { } zone ? read
            : WithLater(read, text, options, CronCalendar.From(cron, zone, options.Now).Take(Firings).Last());
    }

    /// <summary>A deadline on one date suits one run of a series, and none that comes after it.</summary>
    private static SpecReadResult WithLater(SpecReadResult read, string text, SpecReadOptions options, DateTimeOffset at)
    {
        var later = ReadOnce(text, read.FileName, options with { Now = at, IsRun = true });
        return later.HasErrors
            ? Refused(read, later.Problems.Where(problem => problem.Severity == Severity.Error).Select(problem => problem with { What = FormattableString.Invariant($"the run of {at:yyyy-MM-dd HH:mm} UTC: {problem.What}") }))
            : read;
    }

    /// <summary>A matrix is read once for each of its jobs: what one of its values makes wrong is told with that value, and only of the first that has it.</summary>
    private static SpecReadResult WithCells(SpecReadResult read, string text, SpecReadOptions options)
    {
        if (read.Spec is not { Strategy: { } strategy, Batch: { } batch } || read.HasErrors)
        {
            return read;
        }

        var cells = MatrixExpansion.Of(strategy);
        if (cells.IsEmpty)
        {
            return Refused(read, [read.Places.Problem(Severity.Error, "strategy", "strategy.matrix gives no job: exclude leaves out all of them", "exclude less")]);
        }

        var jobs = ImmutableArray.CreateBuilder<CellSpec>(cells.Length);
        foreach (var cell in cells)
        {
            var one = ReadOnce(text, read.FileName, options with { Cell = new SpecCell(cell, jobs.Count + 1, batch.Name) });
            if (one.Spec is not { } spec)
            {
                return Refused(read, one.Problems.Where(problem => problem.Severity == Severity.Error).Select(problem => problem with { What = $"with {cell}: {problem.What}" }));
            }

            jobs.Add(new CellSpec(cell, spec));
        }

        var idle = MatrixExpansion.Idle(strategy).Select(at => read.Places.Problem(
            Severity.Note, SpecPlaces.Item("strategy.exclude", at),
            $"strategy.exclude: {new MatrixCell(strategy.Exclude[at])} matches no combination of the matrix, nothing is left out by it", "write names and values as the matrix has them"));
        return read with { Jobs = jobs.MoveToImmutable(), Problems = [.. read.Problems, .. idle] };
    }

    private static SpecReadResult Refused(SpecReadResult read, IEnumerable<Problem> problems) => read with { Spec = null, ExpandedView = [], Jobs = [], Problems = [.. read.Problems, .. problems] };

    private static SpecReadResult ReadOnce(string text, string fileName, SpecReadOptions options)
    {
        text = text.TrimStart('\uFEFF');
        var problems = new SpecProblems(text);
        if (Calendar.Zone(options.SubmitterTimeZone) is null)
        {
            problems.Error(1, 1, $"unknown time zone \"{options.SubmitterTimeZone}\"", "set TZ to an IANA name such as Europe/Paris");
            options = options with { SubmitterTimeZone = "UTC" };
        }

        var root = YamlTree.Read(text, problems);
        if (root is not null and not MapNode)
        {
            problems.Error(root, "", $"a {SpecScope.Kind(root)} where a mapping belongs", "write key: value lines, such as run: python train.py");
        }

        if (root is not MapNode file)
        {
            return Result(fileName, problems);
        }

        var defaults = SpecMerge.Tree(options.ServerDefaults, SpecOrigin.ServerDefault, problems);
        var sets = SpecMerge.Tree(options.Sets, SpecOrigin.Set, problems);
        var (merged, template, isWhole) = TemplateLayer.Merged(defaults, file, sets, options, problems);

        var scope = new SpecScope(problems, options);
        var spec = JobReader.Read(new MapReader(scope, merged, "", ""), fileName);
        spec = options.Cell?.Job(spec) ?? spec;
        // Without its template nobody knows what else the job says.
        foreach (var problem in isWhole ? JobSpecValidator.Validate(spec, scope.Places, options.Now) : [])
        {
            problems.Add(problem);
        }

        return problems.Any
            ? Result(fileName, problems)
            : Result(fileName, problems) with { Spec = spec, ExpandedView = ExpandedSpec.Of(spec, scope.OriginOf), Places = scope.Places, Template = template };
    }

    private static SpecReadResult Result(string fileName, SpecProblems problems) =>
        new() { FileName = fileName, Problems = problems.Sorted(), Unavailable = problems.Unavailable };
}
