using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Engine.Processes;

/// <summary>Runs a program that ends soon and keeps what it printed.</summary>
internal static class ShortCommand
{
    internal sealed record Result(int ExitCode, string Output, string Problems);

    /// <summary>The program is killed when the limit has passed (<see cref="TimeoutException"/>) or the caller gives up.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="variables">Its whole environment.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">The caller gives up.</param>
    /// <param name="input">What it may read; whether it does is its own affair.</param>
    internal static async Task<Result> RunAsync(
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string> variables,
        TimeSpan limit,
        CancellationToken cancellationToken,
        string input = "")
    {
        var info = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in command.Skip(1))
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment.Clear();
        foreach (var (name, value) in variables)
        {
            info.Environment[name] = value;
        }

        Descriptors.KeepFromChildren();
        using var process = Process.Start(info)!;
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(giveUp.Token);
            var problems = process.StandardError.ReadToEndAsync(giveUp.Token);
            await WriteAsync(process, input, giveUp.Token);
            await process.WaitForExitAsync(giveUp.Token);
            return new(process.ExitCode, (await output).Trim(), (await problems).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"{command[0]} did not end within {limit.TotalSeconds:0} s"));
        }
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has closed its end without reading: what it makes of that is its exit code.
        }
    }
}
