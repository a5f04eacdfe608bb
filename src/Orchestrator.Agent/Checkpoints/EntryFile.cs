using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Checkpoints;

/// <param name="Path">Below the checkpoint folder, beginning with the entry's name.</param>
/// <param name="FullPath">On this disk.</param>
/// <param name="Stat">As it was when it was listed.</param>
internal sealed record EntryFile(string Path, string FullPath, FileStat Stat);
