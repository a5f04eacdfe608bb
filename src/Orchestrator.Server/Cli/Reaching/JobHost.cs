using System.Diagnostics;
using Orchestrator.Engine.Processes;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Cli.Reaching;

/// <summary>The place where a job runs, as somewhere to start commands. What runs there has the job's files and nothing of its secrets.</summary>
internal sealed class JobHost : IDisposable
{
    /// <summary>What <c>ssh</c> ends with when it could not connect.</summary>
    internal const int NotReached = 255;

    private const string Client = "ssh";

    private readonly JobReach _reach;
    private readonly SshClientFiles? _files;

    internal JobHost(JobReach reach)
    {
        _reach = reach;
        if (reach.Ssh is { } machine)
        {
            RequireKeys(machine);
            _files = new SshClientFiles(machine);
        }
        else if (!Directory.Exists(reach.Root))
        {
            throw new CliException(ExitCodes.Unreachable, $"job {reach.Job.Name} runs on the server's own machine, and this is another", "run the command there");
        }
    }

    internal bool IsHere => _reach.Ssh is null;

    internal static async Task<JobHost> OfAsync(CliContext context, string job, CancellationToken cancellation)
    {
        using var api = await context.ConnectAsync(cancellation);
        return new JobHost(await api.GetAsync<JobReach>(ApiClient.Job(job, "/reach"), cancellation));
    }

    /// <summary>Where the spec's path lies there. Relative ones begin at the instance's folder.</summary>
    internal string Place(string path) => _reach.Prefix.IsDefaultOrEmpty ? $"{_reach.Root}/{path.TrimStart('/')}" : path;

    /// <summary>
    /// A command where the trainer runs. The history of a shell there goes with a container; in a home that nobody wipes none is kept.
    /// </summary>
    /// <param name="argv">Taken as it is: no shell looks at it.</param>
    /// <param name="terminal">A person types into it.</param>
    internal ProcessStartInfo Command(IReadOnlyList<string> argv, bool terminal = false)
    {
        string[] there = _reach.Prefix.IsDefaultOrEmpty ? ["sh", "-c", "HISTFILE=/dev/null; export HISTFILE; cd \"$1\" && shift && exec \"$@\"", "sh", _reach.Root, .. argv] : [.. _reach.Prefix, .. argv];
        return _reach.Ssh is { } machine
            ? new ProcessStartInfo(Client, ["-F", _files!.Configuration, terminal ? "-t" : "-T", SshClientFiles.Alias(machine), "--", string.Join(' ', there.Select(Quote))])
            : new ProcessStartInfo(there[0], there[1..]);
    }

    /// <summary>A port of the job's, on a port of ours, for as long as it runs.</summary>
    internal ProcessStartInfo Forward(int ours, int theirs)
    {
        var machine = _reach.Ssh ?? throw new InvalidOperationException("what runs here needs no forward");
        var way = FormattableString.Invariant($"127.0.0.1:{ours}:127.0.0.1:{theirs}");
        // Told by ssh itself, once it is connected and listens: only then is it true.
        var word = FormattableString.Invariant($"LocalCommand=echo \"127.0.0.1:{ours} is the job's port {theirs} until Ctrl-C\" >&2");
        return new ProcessStartInfo(Client, ["-F", _files!.Configuration, "-N", "-o", "ExitOnForwardFailure=yes", "-o", "PermitLocalCommand=yes", "-o", word, "-L", way, SshClientFiles.Alias(machine)]);
    }

    public void Dispose() => _files?.Dispose();

    /// <summary>For the login shell over there, which reads the one string that SSH carries.</summary>
    internal static string Quote(string argument) => argument.Contains('\0', StringComparison.Ordinal)
        ? throw new CliException(ExitCodes.Usage, "an argument contains a zero byte")
        : ShellWords.Quote(argument);

    private static void RequireKeys(SshReach machine)
    {
        for (var one = machine; one is not null; one = one.Jump)
        {
            if (one.KeyFile is { } key && !File.Exists(key))
            {
                throw new CliException(ExitCodes.Unreachable, $"the key of machine {one.Name}, {key}, is on the server's machine and not on this one", "run the command there, or copy the key to the same place");
            }
        }
    }
}
