using System.Diagnostics;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Templates;
using Orchestrator.Jobs;

namespace Orchestrator.IntegrationTests.JobTemplates;

/// <summary>One attempt of a shipped template's job: its script, environment and places as the agent gives them, over stand-ins for what it imports.</summary>
internal sealed class TemplateRun : IDisposable
{
    private static readonly string StandIns = Path.Combine(Repository.Root, "tests/Orchestrator.IntegrationTests/JobTemplates/StandIns");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly string _root;
    private readonly JobSpec _spec;

    /// <param name="spec">What the template and its vars gave.</param>
    /// <param name="root">Stands for the root of the instance; the caller deletes it.</param>
    /// <param name="prepare">Puts data there.</param>
    /// <param name="pace">Seconds of each step.</param>
    /// <param name="restored">The one entry that was restored, or null on a first attempt.</param>
    public TemplateRun(JobSpec spec, string root, Action<string> prepare, double pace, string? restored = null)
    {
        (_spec, _root) = (spec, root);
        Directory.CreateDirectory(Output);
        Copy(spec.Code!.Folder!, Place(spec.Code.To));
        foreach (var mount in spec.Data.Where(mount => mount.Kind == DataSourceKind.Folder))
        {
            Copy(mount.From, Place(mount.To));
        }

        prepare(root);
        var from = restored is null ? "" : Path.Combine(Checkpoints, Path.GetFileName(restored));
        Directory.CreateDirectory(Checkpoints);
        if (restored is not null)
        {
            Copy(restored, from);
        }

        var arguments = restored is not null && spec.Checkpoints!.ResumeArgs is { } text ? " " + text.Replace("{path}", $"'{from}'", StringComparison.Ordinal) : "";
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", spec.Run!.TrimEnd() + arguments])
        {
            WorkingDirectory = Place(spec.Code.To), RedirectStandardError = true, RedirectStandardOutput = true,
        };
        foreach (var (name, value) in spec.Env)
        {
            start.Environment[name] = value;
        }

        start.Environment["PATH"] = Path.Combine(StandIns, "commands") + ":" + Environment.GetEnvironmentVariable("PATH");
        start.Environment["PYTHONPATH"] = StandIns;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["SD_SCRIPTS"] = Path.Combine(StandIns, "sd-scripts");
        start.Environment["STAND_IN_PACE"] = pace.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["ORCHESTRATOR_CHECKPOINT_DIR"] = Checkpoints;
        start.Environment["ORCHESTRATOR_OUTPUT_DIR"] = Output;
        start.Environment["ORCHESTRATOR_DATA_DIR"] = Place(spec.Data.FirstOrDefault()?.To ?? "/data");
        start.Environment["ORCHESTRATOR_PROGRESS_FILE"] = Place("/progress.jsonl");
        start.Environment["ORCHESTRATOR_GPU_COUNT"] = "2";
        start.Environment["ORCHESTRATOR_IS_RESUME"] = restored is null ? "0" : "1";
        start.Environment["ORCHESTRATOR_RESUME_FROM"] = from;
        _process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start");
        Said = _process.StandardOutput.ReadToEndAsync();
        Errors = _process.StandardError.ReadToEndAsync();
    }

    public Task<string> Said { get; }

    public Task<string> Errors { get; }

    private string Checkpoints => Place(_spec.Checkpoints!.Path);

    private string Output => Place(_spec.Outputs[0].From);

    /// <summary>The spec of a template with vars, or what is wrong with it.</summary>
    public static JobSpec Spec(string template, string vars)
    {
        // The tests put the data there themselves.
        var data = template == "sweep" ? "" : "data: {/data: s3://bucket/data/}\n";
        var read = SpecReader.Read($"template: {template}\nvars: {{{vars}}}\nbudget: {{max-total: $1}}\n{data}", "job.yaml", new SpecReadOptions
        {
            Now = DateTimeOffset.UtcNow, SpecFolder = Path.GetTempPath(), Templates = new TemplateFolders(null, Path.Combine(Repository.Root, "job-templates")),
        });
        return read.Spec ?? throw new InvalidOperationException(ProblemPrinter.Print(read));
    }

    /// <summary>Waits, while the trainer runs, for an entry that the spec's globs name and that holds the file written last; then kills everything.</summary>
    public async Task<string> KilledAfterAsync(string entry, string lastFile)
    {
        var path = Path.Combine(Checkpoints, entry);
        for (var waited = Stopwatch.StartNew(); !File.Exists(Path.Combine(path, lastFile)); await Task.Delay(10))
        {
            if (waited.Elapsed > Patience || _process.HasExited)
            {
                throw new TimeoutException($"no {path} after {waited.Elapsed}: {(_process.HasExited ? await Said + await Errors : "")}");
            }
        }

        if (_process.HasExited)
        {
            throw new InvalidOperationException("the trainer was done before it could be killed");
        }

        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        return path;
    }

    /// <summary>What the job delivers, by relative path.</summary>
    public async Task<SortedDictionary<string, string>> ResultAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode == 0
            ? new(Directory.EnumerateFiles(Output, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(Output, file), File.ReadAllText), StringComparer.Ordinal)
            : throw new InvalidOperationException($"exit code {_process.ExitCode}: {await Said}{await Errors}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private string Place(string path) => Path.Combine(_root, path.TrimStart('/'));
}
