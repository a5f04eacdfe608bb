namespace Orchestrator.Providers;

/// <summary>
/// A POSIX shell on machines that are reached by name and key. What a provider needs of the outside; Engine implements it.
/// Every method throws <see cref="ProviderException"/> with words a person can act on. Safe to call from several threads.
/// </summary>
public interface IMachineShell
{
    /// <summary>
    /// Runs a script with <c>sh</c>, its arguments as <c>$1</c>, <c>$2</c>... The script gets no input of its own. Output is bounded:
    /// more than <see cref="ShellResult.MaxOutput"/> bytes is an exception.
    /// </summary>
    Task<ShellResult> RunAsync(MachineAddress machine, string script, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation);

    /// <summary>Writes a local file to a path there (its folder must exist). The bytes have arrived, nothing is said about their correctness.</summary>
    Task SendFileAsync(MachineAddress machine, string localPath, string remotePath, TimeSpan limit, CancellationToken cancellation);
}
