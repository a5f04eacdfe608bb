using System.Text;
using Orchestrator.Engine.Processes;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>Runs scripts and copies files over SSH.</summary>
public sealed class SshShell(SshNetwork network) : IMachineShell
{
    /// <summary>Login shells print what they like before our script begins.</summary>
    private const string Begin = "@@orchestrator@@";

    private const int MaxNoise = 64 << 10;
    private const int MaxProblems = 8 << 10;

    public async Task<ShellResult> RunAsync(MachineAddress machine, string script, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(arguments);
        var text = Encoding.UTF8.GetBytes($"printf '%s\\n' {Begin}\n{script}\n");
        var raw = await ExecAsync(machine, "sh -s -- " + string.Join(' ', arguments.Select(Quote)), input => input.Write(text), limit, cancellation);
        var begin = raw.Output.IndexOf(Begin + "\n", StringComparison.Ordinal);
        return begin >= 0
            ? raw with { Output = raw.Output[(begin + Begin.Length + 1)..] }
            : new ShellResult(raw.ExitCode, "", raw.Problems.Length > 0 ? raw.Problems : "the login shell there does not run sh");
    }

    public async Task SendFileAsync(MachineAddress machine, string localPath, string remotePath, TimeSpan limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(machine);
        // Read before a connection is made for it: a file that is missing here is our fault, not the machine's.
        using var file = OpenLocal(localPath);
        var result = await ExecAsync(machine, "cat > " + Quote(remotePath), file.CopyTo, limit, cancellation);
        if (result.ExitCode != 0)
        {
            throw SshFailures.Away(machine, $"cannot write {remotePath}: {(result.Problems.Length > 0 ? result.Problems : "the copy was cut off")}");
        }
    }

    /// <summary>For a POSIX shell, whatever the text holds.</summary>
    internal static string Quote(string text) => text.Any(char.IsControl)
        ? throw new ArgumentException("an argument with control characters")
        : ShellWords.Quote(text);

    private static FileStream OpenLocal(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderErrorKind.Rejected, $"cannot read {path}: {unreadable.Message}", unreadable);
        }
    }

    private async Task<ShellResult> ExecAsync(MachineAddress machine, string command, Action<Stream> feed, TimeSpan limit, CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(limit);
        SshSession? session = null;
        try
        {
            session = await network.To(machine).CommandSessionAsync(bound.Token);
            using var place = await session.TakeChannelAsync(bound.Token);
            var result = await ExchangeAsync(session, command, feed, bound.Token);
            session.Answered();
            return result;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // A slow command or a dead connection: the probe tells them apart for the next caller.
            _ = session?.ProbeAsync();
            throw SshFailures.Away(machine, FormattableString.Invariant($"no answer within {limit.TotalSeconds:0} s"));
        }
    }

    private static async Task<ShellResult> ExchangeAsync(SshSession session, string command, Action<Stream> feed, CancellationToken cancellation)
    {
        await using var execution = await session.StartAsync(command, cancellation);
        var output = new BoundedReader(execution.Output, ShellResult.MaxOutput + MaxNoise);
        var problems = new BoundedReader(execution.Problems, MaxProblems);
        var reading = output.ReadAsync(stopAtLimit: true);
        var readingProblems = problems.ReadAsync(stopAtLimit: false);
        var feeding = Task.Factory.StartNew(() => Feed(execution.Input, feed), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, session.Broken);
            var first = await Task.WhenAny(execution.Ended, WhenOverflowed(reading, output)).WaitAsync(either.Token);
            if (output.Overflowed)
            {
                throw new ProviderException(ProviderErrorKind.Unknown, $"machine {session.Machine.Name}: it prints more than {ShellResult.MaxOutput} bytes where a few lines were expected; look at its login shell's start-up files");
            }

            await first;
            await Task.WhenAll(reading, readingProblems, feeding).WaitAsync(either.Token);
        }
        catch (Exception cut) when (cut is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // Also what the library throws at a packet that makes no sense, whatever its type.
            throw SshFailures.OfRunning(session.Machine, cut);
        }

        return new ShellResult(execution.ExitCode, output.Text, problems.Text.Trim());
    }

    /// <summary>Completes early only for an overflow: the end of the streams alone does not tell the exit code.</summary>
    private static async Task WhenOverflowed(Task reading, BoundedReader output)
    {
        await reading;
        if (!output.Overflowed)
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }

    private static void Feed(Stream input, Action<Stream> feed)
    {
        try
        {
            feed(input);
            input.Flush();
            input.Dispose();
        }
        catch (Exception cut) when (cut is ObjectDisposedException or IOException or InvalidOperationException or Renci.SshNet.Common.SshException)
        {
            // The command has ended without reading all of it; its exit code says why.
        }
    }
}
