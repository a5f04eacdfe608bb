using System.Globalization;
using System.Text;
using Orchestrator.Agent.Logs;
using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Training;

/// <summary>
/// Where a trainer that hangs stands: Python's stacks where its image has py-spy, what its own handler of SIGQUIT writes where it has one
/// (<c>faulthandler.register(signal.SIGQUIT)</c>; a signal that nobody handles would end it), and of all threads what the kernel shows.
/// Bounded in processes, bytes and time, and written to the trainer's log, which is stored whatever becomes of the host.
/// </summary>
internal sealed class TrainerStacks(AgentFolder folder, StateFile state, Trainer trainer, TrainerLog log, TimeProvider time)
{
    private const int MostProcesses = 8;
    private const int MostBytes = 32 * 1024;
    private const int MostOfOne = 8 * 1024;
    private const int FirstBytes = 2048;
    private const int MostThreads = 256;
    private static readonly TimeSpan ToolPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan HandlerPatience = TimeSpan.FromSeconds(2);

    /// <returns>Its first lines; null = no trainer runs.</returns>
    public async Task<string?> WriteAsync(CancellationToken cancellation)
    {
        if (trainer.Record is not { } record || !trainer.IsLive)
        {
            return null;
        }

        var began = time.GetTimestamp();
        var members = TrainerSignaller.Living(record).Where(entry => !TrainerSignaller.IsShell(entry)).Take(MostProcesses).ToList();
        var text = new StringBuilder();
        foreach (var entry in members.Where(_ => time.GetElapsedTime(began) < Patience))
        {
            text.Append(Python(entry));
        }

        if (text.Length == 0)
        {
            text.Append(await HandledAsync(record, cancellation));
        }

        foreach (var entry in members.Where(_ => time.GetElapsedTime(began) < Patience))
        {
            text.Append(Threads(entry));
        }

        var whole = Cut(text.ToString(), MostBytes);
        log.Append($"\n--- no progress; where the trainer stands ---\n{whole}\n--- end ---\n");
        return whole.Length == 0 ? null : Cut(whole, FirstBytes);
    }

    private string Python(ProcessEntry entry)
    {
        var output = Path.Combine(folder.Own, "stacks.out");
        File.Delete(output);
        var path = state.Current.Order?.Env.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH");
        if (CommandSearch.Find("py-spy", path) is not { } tool
            || Tool.Run(tool, ["dump", "--pid", entry.Pid.ToString(CultureInfo.InvariantCulture)], output, ToolPatience) != 0)
        {
            return "";
        }

        // It may be as long as there are threads.
        using var file = File.OpenHandle(output);
        var buffer = new byte[MostOfOne];
        return Encoding.UTF8.GetString(buffer, 0, RandomAccess.Read(file, buffer, 0)).TrimEnd() + "\n";
    }

    /// <summary>It goes where standard error goes: to the log.</summary>
    private async Task<string> HandledAsync(TrainerRecord record, CancellationToken cancellation)
    {
        var from = log.Length;
        if (TrainerSignaller.Send(record.Trainer ?? record.Wrapper, Libc.SigQuit, onlyHandlers: true, new HashSet<ProcessIdentity>()).Count == 0)
        {
            return "";
        }

        await Task.Delay(HandlerPatience, time, cancellation);
        var buffer = new byte[MostOfOne];
        return Encoding.UTF8.GetString(buffer, 0, log.Read(from, buffer)).Trim() + "\n";
    }

    /// <summary>Many threads of a trainer wait in the same place: told once, with their number.</summary>
    private static string Threads(ProcessEntry entry)
    {
        var root = string.Create(CultureInfo.InvariantCulture, $"/proc/{entry.Pid}/task");
        var places = new List<Place>();
        try
        {
            foreach (var task in Directory.EnumerateDirectories(root).Take(MostThreads))
            {
                var text = $"{Word(task, "comm")}, {State(task)}{In(Word(task, "wchan"))}{Kernel(task)}";
                var place = places.Find(one => one.Text == text);
                if (place is null)
                {
                    places.Add(place = new Place(text));
                }

                place.Threads++;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked.
            return "";
        }

        places.Sort((one, other) => one.Threads != other.Threads ? other.Threads.CompareTo(one.Threads) : string.CompareOrdinal(one.Text, other.Text));
        var lines = places.Select(place => string.Create(CultureInfo.InvariantCulture, $"  {place.Threads} x {place.Text}\n"));
        return Cut(string.Create(CultureInfo.InvariantCulture, $"process {entry.Pid} {entry.Command}, threads by the kernel:\n{string.Concat(lines)}"), MostOfOne);
    }

    private static string State(string task) =>
        Text(Path.Combine(task, "status")).Split('\n').FirstOrDefault(line => line.StartsWith("State:", StringComparison.Ordinal))?["State:".Length..].Trim() ?? "?";

    private static string In(string place) => place is "" or "0" ? "" : $", in {place}";

    /// <summary>Only root may see it, and not in every container.</summary>
    private static string Kernel(string task)
    {
        var frames = Text(Path.Combine(task, "stack")).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(6)
            .Select(line => line.Split("] ", 2)[^1].Split('+')[0]);
        return string.Join(" < ", frames) is { Length: > 0 } calls ? $": {calls}" : "";
    }

    private static string Word(string task, string file) => Text(Path.Combine(task, file)).Trim();

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>At a line's end.</summary>
    private static string Cut(string text, int most) => text.Length <= most ? text.TrimEnd() + (text.Length == 0 ? "" : "\n")
        : text[..most] is var part && part.LastIndexOf('\n') is > 0 and var end ? part[..(end + 1)] : part;

    private sealed class Place(string text)
    {
        public string Text { get; } = text;

        public int Threads { get; set; }
    }
}
