using System.Collections.Immutable;
using Orchestrator.Offers;

namespace Orchestrator.Jobs;

/// <summary>The rules that relate fields to each other. Shapes of single values are the reader's business.</summary>
public static class JobSpecValidator
{
    private static readonly TimeSpan _leastRunWindow = TimeSpan.FromMinutes(30);

    /// <summary>Every rule the spec breaks or brushes, in no particular order. Pure: <paramref name="now"/> is an input.</summary>
    public static ImmutableArray<Problem> Validate(JobSpec spec, SpecPlaces places, DateTimeOffset now)
    {
        var found = ImmutableArray.CreateBuilder<Problem>();
        void Error(string path, string what, string whatToDo) => found.Add(places.Problem(Severity.Error, path, what, whatToDo));
        void Note(string path, string what, string whatToDo) => found.Add(places.Problem(Severity.Note, path, what, whatToDo));

        Command(spec, places, Error, Note);
        Environment(spec, Error);
        Checkpoints(spec, places, Error);
        PolicyRules.Check(spec, places, Error, Note);
        Money(spec, Error, Note);
        Times(spec, now, Error, Note);
        Paths(spec, Error, Note);
        Outputs(spec, Note);
        return found.ToImmutable();
    }

    private static void Command(JobSpec spec, SpecPlaces places, Action<string, string, string> error, Action<string, string, string> note)
    {
        var run = places.Has("run");
        var command = places.Has("command");
        if (run && command)
        {
            error("command", "run and command are both given", "keep one: run is a script, command an argument list without a shell");
        }
        else if (!run && !command)
        {
            error("", "nothing to run", "add run: with the training command");
        }

        if (!places.Has("resources.gpu"))
        {
            error("resources.gpu", "resources.gpu is missing", "name a card such as resources: {gpu: RTX 4090}, or gpu: none");
        }

        if (places.Has("vars") && spec.Vars.IsEmpty)
        {
            note("vars", "vars is empty", "leave it out");
        }

        var script = (spec.Run ?? "") + "\n" + string.Join(' ', spec.Command);
        var scriptPath = run ? "run" : "command";
        if (script.Replace(" ", "", StringComparison.Ordinal).Contains("resume_from_checkpoint=True", StringComparison.Ordinal))
        {
            note(scriptPath, "resume_from_checkpoint=True of the HF Trainer raises on the first attempt, when there is no checkpoint yet",
                "pass resume_from_checkpoint=os.environ[\"ORCHESTRATOR_RESUME_FROM\"] or None");
        }

        if (spec.Image is null && ContainerPathIn(script, spec) is { } named)
        {
            note(scriptPath, $"without an image, {named.Path} lies under the instance's folder, not at the root of the machine",
                $"use ${named.Variable}, which holds the real place");
        }
    }

    private static (string Path, string Variable)? ContainerPathIn(string script, JobSpec spec)
    {
        IEnumerable<(string Path, string Variable)> candidates =
        [
            .. spec.Checkpoints is { Path.Length: > 1 } checkpoints ? [(checkpoints.Path, "ORCHESTRATOR_CHECKPOINT_DIR")] : Array.Empty<(string, string)>(),
            .. spec.Outputs.Select(output => (output.From, "ORCHESTRATOR_OUTPUT_DIR")),
            .. spec.Data.Select(mount => (mount.To, "ORCHESTRATOR_DATA_DIR")),
            ("/ckpt", "ORCHESTRATOR_CHECKPOINT_DIR"), ("/out", "ORCHESTRATOR_OUTPUT_DIR"), ("/data", "ORCHESTRATOR_DATA_DIR"),
        ];
        foreach (var candidate in candidates)
        {
            for (var at = 0; candidate.Path.Length > 1 && (at = script.IndexOf(candidate.Path, at, StringComparison.Ordinal)) >= 0; at++)
            {
                // Only a whole path counts: /out is not in $X/out nor in /output.
                var before = at == 0 ? ' ' : script[at - 1];
                var end = at + candidate.Path.TrimEnd('/').Length;
                var after = end >= script.Length ? ' ' : script[end];
                if (" \t\n=\"':;(,".Contains(before) && " \t\n/\"':;),&|".Contains(after))
                {
                    return candidate;
                }
            }
        }

        return null;
    }

    private static void Environment(JobSpec spec, Action<string, string, string> error)
    {
        foreach (var name in spec.Secrets.Keys.Where(spec.Env.ContainsKey))
        {
            error("secrets." + name, $"{name} is both in env and in secrets", "keep one of them");
        }

        foreach (var name in spec.Env.Keys.Concat(spec.Secrets.Keys).Where(name => name.StartsWith("ORCHESTRATOR_", StringComparison.Ordinal)))
        {
            error((spec.Env.ContainsKey(name) ? "env." : "secrets.") + name, $"{name}: names with ORCHESTRATOR_ are set by the orchestrator", "rename it");
        }
    }

    private static void Checkpoints(JobSpec spec, SpecPlaces places, Action<string, string, string> error)
    {
        if (spec.Checkpoints is null)
        {
            if (!places.Has("checkpoints"))
            {
                error("", "checkpoints is missing", "add checkpoints: {path: /ckpt}, or checkpoints: none if the job may start over");
            }

            return;
        }

        if (spec.Checkpoints.Path.Length == 0)
        {
            error("checkpoints", "checkpoints.path is missing", "name the folder the trainer writes checkpoints to, or write checkpoints: none");
        }

        if (spec.Checkpoints is { Every.Kind: not RhythmKind.Trainer, Request: null })
        {
            error("checkpoints.every", "the trainer cannot be asked for a checkpoint",
                "add checkpoints.request: {signal: SIGUSR1} or {file: /ckpt/SAVE_NOW}, or leave every out");
        }
    }

    private static void Money(JobSpec spec, Action<string, string, string> error, Action<string, string, string> note)
    {
        var named = spec.Providers.Where(choice => !choice.Excluded).ToList();
        if (spec.Budget.MaxTotal is not null || spec.Batch?.Budget is not null)
        {
            return;
        }

        var rented = named.Where(choice => !IsOwn(choice.Name)).ToList();
        if (named.Count > 0 && rented.Count == named.Count)
        {
            error("budget.max-total", "budget.max-total is missing, and every provider named costs money", "add budget: {max-total: $20}");
        }
        else if (named.Count == 0 || rented.Count > 0)
        {
            note("budget.max-total", "without budget.max-total nothing is rented; only own machines are used", "add budget: {max-total: $20} to rent");
        }
    }

    private static bool IsOwn(string provider) =>
        provider is "local" or OwnMachines.Provider || provider.StartsWith("local/", StringComparison.Ordinal) || OwnMachines.Has(provider);

    private static void Times(JobSpec spec, DateTimeOffset now, Action<string, string, string> error, Action<string, string, string> note)
    {
        if (spec.Deadline is { } deadline)
        {
            if (deadline.At <= now)
            {
                error("deadline", "the deadline has passed", "give a later one");
            }
            else if (spec.Schedule?.At >= deadline.At)
            {
                error("schedule.at", "the job would start at or after its deadline", "start earlier or move the deadline");
            }
        }

        if (spec.Schedule?.At <= now)
        {
            note("schedule.at", "the time has passed; the job starts at once", "leave it out or give a later one");
        }

        if (spec.Schedule is { At: not null, Cron: not null })
        {
            error("schedule.cron", "schedule.at and schedule.cron are both given", "keep one");
        }

        if (spec.Schedule?.RunWindow is { } run)
        {
            if (run.Length < (spec.Checkpoints?.OnDrain.Grace ?? TimeSpan.Zero) + _leastRunWindow)
            {
                error("schedule.run-window", $"{run} is too short: to start, to save and to leave takes half an hour and checkpoints.on-drain.grace", "widen it");
            }

            if (spec.Checkpoints is null && spec.Estimate?.Time > run.Length)
            {
                error("schedule.run-window", $"without checkpoints the work of a window is lost at its end, and {spec.Estimate.Time.TotalHours:0.#} h do not fit into {run}", "add checkpoints: {path: ...}, or widen the window");
            }

            if (spec.Schedule.StartWindow is { } start && !run.Contains(start.Start) && !start.Contains(run.Start))
            {
                error("schedule.start-window", $"{start} lies outside of run-window {run}: the job would never start", "let them overlap");
            }
        }
    }

    private static void Paths(JobSpec spec, Action<string, string, string> error, Action<string, string, string> note)
    {
        List<(string Field, string Path)> placed = [];
        for (var index = 0; index < spec.Data.Length; index++)
        {
            var (field, path) = (SpecPlaces.Item("data", index) + ".to", Folder(spec.Data[index].To));
            if (placed.Any(one => one.Path == path))
            {
                error(field, $"two sources go to {spec.Data[index].To}", "give each its own folder");
            }
            else if (placed.FirstOrDefault(one => IsBelow(path, one.Path) || IsBelow(one.Path, path)) is { Path: { } beside })
            {
                note(field, $"{path} and {beside} lie in each other: where both bring a file of one name, the one of {path} is used", "give each its own folder");
            }

            placed.Add((field, path));
        }

        if (spec.Code is { } code)
        {
            placed.Add(("code.to", Folder(code.To)));
        }

        if (spec.Checkpoints is { Path.Length: > 0 } checkpoints)
        {
            var path = Folder(checkpoints.Path);
            if (placed.FirstOrDefault(one => one.Path == path) is { Field: { } same })
            {
                error("checkpoints.path", $"{checkpoints.Path} is also where {(same == "code.to" ? "code" : "data")} goes", "give checkpoints a folder of their own");
            }
            else if (placed.FirstOrDefault(one => IsBelow(one.Path, path)) is { Field: { } inside, Path: var there })
            {
                error(inside, $"{there} lies in the checkpoint folder {path}", "give checkpoints a folder of their own");
            }
        }
    }

    private static void Outputs(JobSpec spec, Action<string, string, string> note)
    {
        for (var index = 0; index < spec.Outputs.Length; index++)
        {
            var (field, output) = (SpecPlaces.Item("outputs", index) + ".from", spec.Outputs[index]);
            var path = Folder(output.From);
            if (spec.Checkpoints is { Path.Length: > 0 } checkpoints && path == Folder(checkpoints.Path))
            {
                note(field, $"{output.From} is also the checkpoint folder: what lies there is stored twice, and what is being written may be delivered half", "deliver a folder of its own, or leave the output out: checkpoints are kept anyway");
            }

            var same = spec.Outputs.Take(index).Count(one => Folder(one.From) == path && one.To == output.To);
            if (same > 0)
            {
                note(field, $"{output.From} is delivered twice", "keep one");
            }
        }
    }

    private static string Folder(string path) => path.TrimEnd('/');

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);
}
