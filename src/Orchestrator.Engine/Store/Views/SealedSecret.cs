namespace Orchestrator.Engine.Store.Views;

public sealed record SealedSecret
{
    public string Name { get; init; } = "";

    public string Ciphertext { get; init; } = "";

    /// <summary>The key it is sealed with.</summary>
    public string KeyId { get; init; } = "";

    public DateTimeOffset UpdatedAt { get; init; }
}
