using System.Diagnostics;

namespace Orchestrator.Engine.Processes;

/// <summary>
/// Starts programs that outlive us: own session, no terminal, stdin from /dev/null, output to a log file, none of our
/// descriptors, adopted by init so that their end leaves us no zombie.
/// </summary>
public static class DetachedProcess
{
    // The identity is read by the child before it becomes the program: a program that ends at once may be gone, and its
    // pid another's, before we could look. The redirections close our pipes, so reading them to the end is the handshake.
    private const string Script = """
        log=$1; shift
        : >>"$log" || exit 1
        IFS= read -r stat <"/proc/$$/stat" || exit 1
        printf '%s\n' "$stat"
        exec </dev/null >>"$log" 2>&1
        exec "$@"
        """;

    public static ProcessIdentity Start(DetachedStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var program = Executables.Find(start.Program) ?? throw new IOException($"cannot start {start.Program}: no such program");
        if (!Directory.Exists(start.WorkingFolder))
        {
            throw new IOException($"cannot start {start.Program} in {start.WorkingFolder}: no such folder");
        }

        CreateLog(start.LogFile);
        Descriptors.KeepFromChildren();
        using var process = Process.Start(Describe(start, program))!;
        process.StandardInput.Close();
        var stat = process.StandardOutput.ReadToEnd();
        var problems = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        return ProcessStat.TryParse(stat.TrimEnd('\n'), out var parsed)
            ? new(ProcessIdentity.CurrentBootId, parsed.Pid, parsed.StartTicks)
            : throw new IOException($"cannot start {start.Program} detached: {problems}");
    }

    private static ProcessStartInfo Describe(DetachedStart start, string program)
    {
        var setsid = Executables.Find("setsid") ?? throw new IOException("the program setsid is missing (Debian, Ubuntu: apt install util-linux)");
        // All three are redirected so that .NET leaves the terminal's settings alone.
        var info = new ProcessStartInfo(setsid)
        {
            WorkingDirectory = start.WorkingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // --fork: the process we started ends at once and its child, the program, is adopted by init.
        foreach (var argument in (string[])["--fork", "/bin/sh", "-c", Script, "sh", Path.GetFullPath(start.LogFile), program, .. start.Arguments])
        {
            info.ArgumentList.Add(argument);
        }

        if (start.Variables is { } variables)
        {
            info.Environment.Clear();
            foreach (var (name, value) in variables)
            {
                info.Environment[name] = value;
            }
        }

        return info;
    }

    private static void CreateLog(string path)
    {
        using var created = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }
}
