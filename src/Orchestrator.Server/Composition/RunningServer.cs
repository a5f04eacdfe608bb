using Orchestrator.Engine.Configuration;

namespace Orchestrator.Server.Composition;

/// <summary>Facts about this process as a server.</summary>
public sealed record RunningServer(DataFolder Folder, DateTimeOffset StartedAt);
