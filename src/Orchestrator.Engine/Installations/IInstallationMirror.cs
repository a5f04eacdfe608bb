namespace Orchestrator.Engine.Installations;

/// <summary>A second copy of the record outside the database, in the default store. May be away: the file is what must be written.</summary>
public interface IInstallationMirror
{
    /// <summary>The record of that epoch as it was written; null = none.</summary>
    Task<string?> ReadAsync(string epoch, CancellationToken cancellation);

    Task WriteAsync(string epoch, string json, CancellationToken cancellation);
}
