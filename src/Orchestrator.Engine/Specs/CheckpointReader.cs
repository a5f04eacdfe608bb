using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Reads <c>checkpoints</c> and fills in what its format says.</summary>
internal static class CheckpointReader
{
    public static CheckpointSpec? Read(MapReader job)
    {
        if (job.IsWord("checkpoints", "none"))
        {
            return null;
        }

        if (job.Map("checkpoints", "checkpoints: {path: /ckpt}, or none") is not { } map)
        {
            return null;
        }

        var format = map.Choice("format",
            ("auto", CheckpointFormat.Auto), ("huggingface", CheckpointFormat.Huggingface), ("lightning", CheckpointFormat.Lightning),
            ("accelerate", CheckpointFormat.Accelerate), ("torch-dcp", CheckpointFormat.TorchDcp), ("kohya", CheckpointFormat.Kohya),
            ("files", CheckpointFormat.Files)) ?? CheckpointFormat.Auto;
        var usual = CheckpointFormats.Of(format);
        return new CheckpointSpec
        {
            Path = map.AbsolutePath("path") ?? "",
            Format = format,
            Include = map["include"] is null ? usual.Include : map.Texts("include"),
            Exclude = map["exclude"] is null ? usual.Exclude : map.Texts("exclude"),
            Complete = Complete(map) ?? usual.Complete,
            ResumeArgs = map["resume-args"] is ScalarNode { Value.Length: 0 } ? null : map.Text("resume-args") ?? usual.ResumeArgs,
            Request = Request(map),
            Every = Every(map),
            OnDrain = OnDrain(map),
            Keep = map.Int("keep", 1, 10_000) ?? 3,
            AfterSuccess = map.Choice("after-success", ("keep-last", AfterSuccess.KeepLast), ("keep", AfterSuccess.Keep), ("delete", AfterSuccess.Delete)) ?? AfterSuccess.KeepLast,
            To = map.Text("to"),
            StartFrom = StartFrom(map),
            MaxAgeAlert = map.PositiveDuration("max-age-alert"),
        };
    }

    private static CompletionRule? Complete(MapReader checkpoints)
    {
        if (checkpoints.Map("complete", "{settle: 10s}, {rename: true} or {marker: NAME}") is not { } map)
        {
            return null;
        }

        ExactlyOne(map, "settle", "rename", "marker");
        if (map["marker"] is not null)
        {
            var marker = map.Scope.TryRead<string>(map["marker"], map.At("marker"), TryFileName, "a file name", out var name) ? name : null;
            return new CompletionRule { Kind = CompletionKind.Marker, Marker = marker };
        }

        if (map["rename"] is { } rename)
        {
            if (map.Bool("rename") == false)
            {
                map.Scope.Problems.Error(rename, map.At("rename"), "complete: {rename: false} says nothing", "leave it out");
            }

            return new CompletionRule { Kind = CompletionKind.Rename };
        }

        return new CompletionRule { Settle = map.Duration("settle") ?? TimeSpan.FromSeconds(10) };
    }

    private static CheckpointRequest? Request(MapReader checkpoints)
    {
        if (checkpoints.Map("request", "{signal: SIGUSR1} or {file: /ckpt/SAVE_NOW}") is not { } map)
        {
            return null;
        }

        ExactlyOne(map, "signal", "file");
        return new CheckpointRequest { Signal = map.Signal("signal"), File = map.AbsolutePath("file") };
    }

    private static CheckpointRhythm Every(MapReader map)
    {
        if (map.IsWord("every", "auto"))
        {
            return new CheckpointRhythm { Kind = RhythmKind.Auto };
        }

        return map["every"] is null || map.IsWord("every", "trainer") || map.PositiveDuration("every") is not { } interval
            ? CheckpointRhythm.Trainer
            : new CheckpointRhythm { Kind = RhythmKind.Fixed, Interval = interval };
    }

    private static DrainRule OnDrain(MapReader checkpoints) =>
        checkpoints.Map("on-drain", "{signal: SIGTERM, grace: 60s}") is { } map
            ? new DrainRule { Signal = map.Signal("signal") ?? "SIGTERM", Grace = map.Duration("grace") }
            : new DrainRule();

    private static string? StartFrom(MapReader map)
    {
        var read = map.Scope.TryRead(map["start-from"], map.At("start-from"), (string text, out string value) =>
        {
            value = text;
            var bare = text.StartsWith("job://", StringComparison.Ordinal) ? text[6..].Split('@') : null;
            return bare is not null ? bare.Length <= 2 && bare[0].Length > 0 && (bare.Length == 1 || bare[1].Length > 0) : SourceUrl.Parse(text) is { Kind: DataSourceKind.S3 };
        }, "job://name, job://name@step or s3://bucket/prefix", out var from) ? from : null;
        if (read?.StartsWith("s3://", StringComparison.Ordinal) == true)
        {
            map.Scope.Problems.Error(map["start-from"]!, map.At("start-from"), $"{map.At("start-from")}: a checkpoint at s3:// is not available yet", "name the job that made it, job://name, or bring its files with data");
        }

        return read;
    }

    private static bool TryFileName(string text, out string name)
    {
        name = text;
        return text.Length is > 0 and <= 255 && text is not ("." or "..") && !text.Contains('/', StringComparison.Ordinal) && !text.Any(char.IsControl);
    }

    private static void ExactlyOne(MapReader map, params string[] keys)
    {
        if (map.Node.Entries.Count != 1 || keys.All(key => map[key] is null))
        {
            map.Scope.Problems.Error(map.Node, map.Path, $"{map.Path} needs exactly one of {string.Join(", ", keys)}", "keep one");
        }
    }
}
