namespace Orchestrator.Server.Api;

/// <param name="Name">As specs and the configuration call it.</param>
/// <param name="Place">Bucket or folder, in words.</param>
/// <param name="Profile">aws, r2, b2, ceph or other; own = changed in the configuration; folder.</param>
/// <param name="IsDefault">Jobs that name no store keep their things there.</param>
/// <param name="State">ok, bad, or untried.</param>
/// <param name="Problem">What was found wrong when it was last tried.</param>
/// <param name="TriedAt">When that was.</param>
/// <param name="EgressPerGb">Dollars for a gigabyte read from outside.</param>
public sealed record StoreView(string Name, string Place, string Profile, bool IsDefault, string State, string? Problem, DateTimeOffset? TriedAt, decimal EgressPerGb);
