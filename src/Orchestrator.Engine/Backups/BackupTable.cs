using System.Collections.Immutable;

namespace Orchestrator.Engine.Backups;

/// <param name="Name">Within the schema.</param>
/// <param name="Columns">In the order of the rows' fields.</param>
/// <param name="Rows">How many there are.</param>
/// <param name="Sha256">Of its rows as PostgreSQL's COPY writes them.</param>
public sealed record BackupTable(string Name, ImmutableArray<string> Columns, long Rows, string Sha256);
