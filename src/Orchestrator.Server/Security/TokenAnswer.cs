namespace Orchestrator.Server.Security;

/// <summary>What is known of a token.</summary>
/// <param name="Owner">Null = it opens nothing.</param>
/// <param name="Refusal">Why it opens nothing, for whoever holds it; null = there is no such token.</param>
public sealed record TokenAnswer(TokenOwner? Owner, string? Refusal = null)
{
    public static TokenAnswer Unknown { get; } = new((TokenOwner?)null);
}
