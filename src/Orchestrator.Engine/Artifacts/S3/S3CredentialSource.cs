namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>Where a store's keys come from. All but the environment can change while the server runs.</summary>
public abstract record S3CredentialSource
{
    private S3CredentialSource()
    {
    }

    /// <summary>The environment where it has them, else the usual file of AWS tools.</summary>
    public sealed record Usual : S3CredentialSource;

    /// <summary><c>AWS_ACCESS_KEY_ID</c>, <c>AWS_SECRET_ACCESS_KEY</c>, <c>AWS_SESSION_TOKEN</c>.</summary>
    public sealed record FromEnvironment : S3CredentialSource;

    /// <param name="Path">A file in the form of <c>~/.aws/credentials</c>; null = that one. Nobody else may read it.</param>
    /// <param name="Profile">The section.</param>
    public sealed record FromFile(string? Path, string Profile = "default") : S3CredentialSource;

    /// <param name="Name">A stored secret, <c>KEY_ID:SECRET</c> or <c>KEY_ID:SECRET:SESSION_TOKEN</c>.</param>
    public sealed record FromSecret(string Name) : S3CredentialSource;
}
