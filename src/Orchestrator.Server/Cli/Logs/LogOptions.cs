using System.Text.RegularExpressions;

namespace Orchestrator.Server.Cli.Logs;

/// <summary>What of a log is printed, and how.</summary>
/// <param name="Grep">Only lines in which this is found; null = all.</param>
/// <param name="Raw">The trainer's bytes as they are.</param>
/// <param name="Json">One JSON array of lines.</param>
/// <param name="Mark">Begin each line with its attempt.</param>
/// <param name="Live">Show a line that is not finished yet, as a progress bar is while it moves.</param>
internal sealed record LogOptions(Regex? Grep = null, bool Raw = false, bool Json = false, bool Mark = false, bool Live = false);
