using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Orchestrator.Server.Cli.Verbs;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Reaching;

/// <summary><c>cp</c>: files between here and where a job runs, with what every image has: tar.</summary>
internal static class CopyVerb
{
    /// <summary>For the last words of a far end whose pipe has broken.</summary>
    private static readonly TimeSpan _last = TimeSpan.FromSeconds(5);

    internal static Command Create(Terminal terminal)
    {
        var from = new Argument<string>("from") { Description = "A path here, or JOB:path as the spec writes it (lora:/ckpt/step-100)", HelpName = "FROM" };
        var to = new Argument<string>("to") { Description = "The same; an existing folder, or a path with / at its end, is copied into", HelpName = "TO" };
        return Verb.Create("cp", "Copy a file or folder from or to where a job runs", terminal, (context, cancellation) =>
        {
            var (source, target) = (JobPath.Parse(context.Parsed.GetRequiredValue(from)), JobPath.Parse(context.Parsed.GetRequiredValue(to)));
            return (source.Job, target.Job) switch
            {
                ({ } job, null) => StoppableAsync(stop => FetchAsync(context, job, source, target, stop), cancellation),
                (null, { } job) => StoppableAsync(stop => SendAsync(context, source, job, target, stop), cancellation),
                _ => throw new CliException(ExitCodes.Usage, "one side of a copy is a job's and the other is here", "for example: orchestrator cp lora:/ckpt/step-100 ."),
            };
        }, from, to);
    }

    /// <summary>A Ctrl-C ends the copy and leaves no files of ours behind.</summary>
    private static async Task<int> StoppableAsync(Func<CancellationToken, Task<int>> copy, CancellationToken cancellation)
    {
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await copy(stopped.Token);
        }
        catch (Exception cut) when (stopped.IsCancellationRequested && (cut is OperationCanceledException or CliException))
        {
            // The far end gets the Ctrl-C too, and its end may be noticed first.
            throw new CliException(ExitCodes.Interrupted, "stopped", "what was copied before that stays");
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopped.Cancel();
        }
    }

    private static async Task<int> FetchAsync(CliContext context, string job, JobPath from, JobPath to, CancellationToken cancellation)
    {
        var name = from.Name ?? throw NoName(from);
        var target = Path.GetFullPath(to.Path);
        target = Directory.Exists(target) || to.EndsInSlash ? Path.Combine(target, name) : target;
        using var host = await JobHost.OfAsync(context, job, cancellation);
        var place = host.Place(from.Trimmed);
        var start = host.Command(["tar", "-C", Parent(place), "-cf", "-", "--", name]);
        start.RedirectStandardOutput = true;
        using var process = Attached.Start(start);
        var (files, bytes, leftOut) = (0, 0L, 0);
        try
        {
            (files, bytes, leftOut) = await ReceivedFiles.WriteAsync(process.StandardOutput.BaseStream, name, target, cancellation);
        }
        catch (Exception cut) when (cut is EndOfStreamException or InvalidDataException)
        {
            // What the other side says of it is on the terminal already; its exit code tells below.
            await CheckAsync(process, from.Path);
            throw new CliException(ExitCodes.Unreachable, $"what came of {from.Path} is no tar stream: {cut.Message}");
        }

        await CheckAsync(process, from.Path);
        var more = leftOut > 0 ? $"; {leftOut} links or special files left out" : "";
        context.Print([$"{files} file{(files == 1 ? "" : "s")}, {Say.Size(bytes)}, in {target}{more}"]);
        return ExitCodes.Done;
    }

    private static async Task<int> SendAsync(CliContext context, JobPath from, string job, JobPath to, CancellationToken cancellation)
    {
        var source = Path.GetFullPath(from.Path);
        if (!Path.Exists(source))
        {
            throw new CliException(ExitCodes.Usage, $"there is no {from.Path} here");
        }

        using var host = await JobHost.OfAsync(context, job, cancellation);
        var into = to.EndsInSlash || await IsFolderAsync(host, to);
        var name = (into ? new JobPath(null, source).Name : to.Name) ?? throw NoName(to);
        var parent = into ? host.Place(to.Trimmed) : Parent(host.Place(to.Trimmed));
        var start = host.Command(["sh", "-c", "mkdir -p \"$1\" && exec tar -C \"$1\" -xof -", "sh", parent]);
        start.RedirectStandardInput = true;
        using var process = Attached.Start(start);
        try
        {
            await SentFiles.WriteAsync(process.StandardInput.BaseStream, source, name, cancellation);
            process.StandardInput.Close();
        }
        catch (Exception cut) when (cut is IOException or UnauthorizedAccessException)
        {
            // Either the other side has ended, and its exit code says why, or something here cannot be read.
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(_last);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw new CliException(ExitCodes.Usage, $"{from.Path} cannot be read to its end: {cut.Message}", "what was read before that has been copied");
            }

            await CheckAsync(process, to.Path);
            throw new CliException(ExitCodes.Unreachable, $"{to.Path} could not be copied: {cut.Message}");
        }

        await CheckAsync(process, to.Path);
        context.Print([$"copied to {job}:{to.Path}"]);
        return ExitCodes.Done;
    }

    private static async Task<bool> IsFolderAsync(JobHost host, JobPath path) =>
        await Attached.RunAsync(host.Command(["test", "-d", host.Place(path.Trimmed)])) switch
        {
            JobHost.NotReached => throw new CliException(ExitCodes.Unreachable, $"{path.Path} could not be copied", "what went wrong stands above"),
            var code => code == 0,
        };

    private static async Task CheckAsync(Process process, string path)
    {
        await process.WaitForExitAsync(CancellationToken.None);
        if (process.ExitCode != 0)
        {
            throw new CliException(
                process.ExitCode == JobHost.NotReached ? ExitCodes.Unreachable : ExitCodes.Usage, $"{path} could not be copied (exit code {process.ExitCode})", "what went wrong stands above");
        }
    }

    private static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";

    private static CliException NoName(JobPath path) => new(ExitCodes.Usage, $"\"{path.Path}\" names no file or folder", "for example: orchestrator cp lora:/ckpt/step-100 .");
}
