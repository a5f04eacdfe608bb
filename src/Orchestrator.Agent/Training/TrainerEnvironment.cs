using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Agent.Staging;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Training;

/// <summary>Builds the trainer's environment and argv from its order (spec.md, "What the trainer sees").</summary>
internal static class TrainerEnvironment
{
    /// <summary>The host's own variables, then the spec's, then the secrets, then ours: nobody's settings may hide where checkpoints go.</summary>
    public static ImmutableSortedDictionary<string, string> Build(
        IReadOnlyDictionary<string, string> inherited, TrainerOrder order, AgentFolder folder, string? restoredEntry)
    {
        var paths = new SpecPaths(folder);
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in inherited)
        {
            // The instance's mark stays: by it a provider finds what left the trainer's session.
            if ((name == "ORCHESTRATOR_INSTANCE" || !name.StartsWith("ORCHESTRATOR_", StringComparison.Ordinal)) && !name.StartsWith("DOTNET_", StringComparison.Ordinal))
            {
                result[name] = value;
            }
        }

        foreach (var (name, value) in order.Env.Concat(order.Secrets))
        {
            result[name] = value;
        }

        var checkpoints = order.Checkpoints is { } wanted ? paths.Place(wanted.Path) : "";
        result["ORCHESTRATOR_JOB_ID"] = order.JobId;
        result["ORCHESTRATOR_JOB_NAME"] = order.JobName;
        result["ORCHESTRATOR_ATTEMPT"] = order.Attempt.ToString(CultureInfo.InvariantCulture);
        result["ORCHESTRATOR_IS_RESUME"] = restoredEntry is null ? "0" : "1";
        result["ORCHESTRATOR_RESUME_FROM"] = ResumeFrom(checkpoints, restoredEntry) ?? "";
        result["ORCHESTRATOR_CHECKPOINT_DIR"] = checkpoints;
        result["ORCHESTRATOR_OUTPUT_DIR"] = paths.Place(order.OutputDir);
        result["ORCHESTRATOR_DATA_DIR"] = paths.Place(order.DataDir);
        result["ORCHESTRATOR_PROGRESS_FILE"] = order.Progress.File is { } file ? paths.Place(file) : folder.ProgressFile;
        result["ORCHESTRATOR_GPU_COUNT"] = order.GpuCount.ToString(CultureInfo.InvariantCulture);
        result["ORCHESTRATOR_GPU_MODEL"] = order.GpuModel;
        result["ORCHESTRATOR_DEADLINE"] = order.Deadline?.ToString("O", CultureInfo.InvariantCulture) ?? "";
        result.TryAdd("ORCHESTRATOR_BATCH", "");
        // A trainer whose output sits in a buffer looks stalled, and its last lines are lost when it is killed.
        result.TryAdd("PYTHONUNBUFFERED", "1");
        return result.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    /// <summary>The command, with the resume arguments where there is something to resume from.</summary>
    public static ImmutableArray<string> Command(TrainerOrder order, AgentFolder folder, string? restoredEntry, string? path)
    {
        var command = WithShellThatExists(order.Command, path);
        if (order.Checkpoints is not { ResumeArgs: { Length: > 0 } arguments } checkpoints
            || ResumeFrom(new SpecPaths(folder).Place(checkpoints.Path), restoredEntry) is not { } from)
        {
            return command;
        }

        // A script is one argument behind -c; what is appended to the script must be part of it.
        return IsScript(command)
            ? command.SetItem(command.Length - 1, command[^1].TrimEnd() + " " + arguments.Replace("{path}", Quoted(from), StringComparison.Ordinal))
            : command.AddRange(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Replace("{path}", from, StringComparison.Ordinal)));
    }

    /// <summary>Small images have no bash: the same script under sh, as the spec promises.</summary>
    public static ImmutableArray<string> WithShellThatExists(ImmutableArray<string> command, string? path) =>
        IsScript(command) && command[0] == "bash" && CommandSearch.Find("bash", path) is null ? ["sh", "-eu", "-c", command[^1]] : command;

    public static string? ResumeFrom(string checkpointFolder, string? restoredEntry) =>
        restoredEntry is null ? null : SpecPaths.Below(checkpointFolder, restoredEntry);

    private static bool IsScript(ImmutableArray<string> command) =>
        command.Length >= 3 && command[0] is "bash" or "sh" or "/bin/bash" or "/bin/sh" && command[^2] is "-c" or "-ec";

    private static string Quoted(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
