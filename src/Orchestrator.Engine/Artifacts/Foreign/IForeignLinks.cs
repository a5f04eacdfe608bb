namespace Orchestrator.Engine.Artifacts.Foreign;

/// <summary>Files that lie with somebody else. Nothing is stored there, and hosts read them by links.</summary>
public interface IForeignLinks
{
    /// <summary>A URL that a host reads without a login, found out now. Throws <see cref="StoreException"/>.</summary>
    /// <param name="path">Of the file, below the origin.</param>
    /// <param name="expires">When it is forgotten here; where it leads it may end sooner.</param>
    /// <param name="version">What was noted at submit; null = nothing was.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<SignedUrl> LinkAsync(string path, DateTimeOffset expires, string? version, CancellationToken cancellation);
}
