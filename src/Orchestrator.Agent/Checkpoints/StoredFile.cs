using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>A file that lies in the store under <paramref name="Key"/>.</summary>
internal sealed record StoredFile(string Key, long Size, string Hash, FileStat Stat);
