using System.Runtime.InteropServices;
using Orchestrator.Engine.Processes;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Processes;

public sealed class DetachedProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-detached-").FullName;
    private readonly List<ProcessIdentity> _started = [];

    [Fact]
    public async Task It_has_its_own_session_another_parent_and_no_descriptor_of_ours()
    {
        // What a test harness or a shell leaves behind: an open descriptor that every child inherits.
        var leaked = Duplicate(1);
        try
        {
            var process = Start("/bin/sleep", "60");

            // While it starts it has its libraries open; what it got from us would stay.
            string[] own = ["/dev/null", Log, Log];
            await Eventually.TrueAsync(() => ProcessFacts.Descriptors(process.Pid).Values.SequenceEqual(own), "it has its own three descriptors only");
            Assert.Equal(process.Pid, ProcessFacts.Session(process.Pid));
            Assert.NotEqual(Environment.ProcessId, ProcessFacts.Parent(process.Pid));
        }
        finally
        {
            _ = Close(leaked);
        }
    }

    [Fact]
    public async Task It_runs_where_and_with_what_it_was_told_and_its_output_is_appended()
    {
        await File.WriteAllTextAsync(Log, "before\n");
        var process = Keep(DetachedProcess.Start(new()
        {
            Program = "sh",
            Arguments = ["-c", "pwd; echo \"$GREETING|$HOME|$1\"; echo problem >&2", "sh", "two words ' \" $x"],
            WorkingFolder = _folder,
            LogFile = Log,
            Variables = new Dictionary<string, string> { ["GREETING"] = "hello" },
        }));

        await Eventually.TrueAsync(() => !process.IsAlive(), "it ends");

        Assert.Equal($"before\n{_folder}\nhello||two words ' \" $x\nproblem\n", await File.ReadAllTextAsync(Log));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Log) & UnixFileMode.OtherWrite);
    }

    [Fact]
    public async Task Its_end_is_seen_at_once_and_leaves_us_no_zombie()
    {
        var process = Start("/bin/sleep", "60");
        Assert.True(process.IsAlive());

        Assert.True(process.TrySignal(9));

        Assert.True(await process.WaitForExitAsync(TimeSpan.FromSeconds(10), CancellationToken.None));
        Assert.False(process.TrySignal(9));
        Assert.True(!Directory.Exists("/proc/" + process.Pid) || ProcessFacts.Parent(process.Pid) != Environment.ProcessId);
    }

    [Fact]
    public void A_program_that_ends_at_once_still_has_an_identity()
    {
        var process = Start("/bin/true");

        Assert.InRange(process.Pid, 2, int.MaxValue);
        Assert.InRange(process.StartTicks, 1, long.MaxValue);
    }

    [Fact]
    public void A_program_or_folder_that_is_missing_is_named()
    {
        Assert.Contains("/no/such/program", Assert.Throws<IOException>(() => Start("/no/such/program")).Message, StringComparison.Ordinal);
        Assert.Contains("/no/such/folder", Assert.Throws<IOException>(
            () => DetachedProcess.Start(new() { Program = "/bin/true", LogFile = Log, WorkingFolder = "/no/such/folder" })).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        foreach (var process in _started)
        {
            process.TrySignal(9);
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string Log => Path.Combine(_folder, "log");

    private ProcessIdentity Start(string program, params string[] arguments) =>
        Keep(DetachedProcess.Start(new() { Program = program, Arguments = arguments, LogFile = Log }));

    private ProcessIdentity Keep(ProcessIdentity process)
    {
        _started.Add(process);
        return process;
    }

    [DllImport("libc", EntryPoint = "dup")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
