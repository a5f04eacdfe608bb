namespace Orchestrator.Providers;

/// <param name="ExitCode">Of the script; null when the machine did not say (killed by a signal).</param>
/// <param name="Output">Standard output, without what a login shell printed before.</param>
/// <param name="Problems">Standard error, shortened.</param>
public sealed record ShellResult(int? ExitCode, string Output, string Problems)
{
    /// <summary>Most bytes of standard output a script may print.</summary>
    public const int MaxOutput = 1 << 20;
}
