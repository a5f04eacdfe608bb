namespace Orchestrator.Engine.Security;

/// <summary>Where a password or token of the configuration comes from; it stands nowhere in the configuration itself.</summary>
public abstract record TokenSource
{
    private TokenSource()
    {
    }

    /// <param name="Name">A stored secret.</param>
    public sealed record FromSecret(string Name) : TokenSource
    {
        public override string ToString() => $"secret {Name}";
    }

    /// <param name="Variable">Of the server's environment.</param>
    public sealed record FromEnvironment(string Variable) : TokenSource
    {
        public override string ToString() => $"variable {Variable}";
    }

    /// <param name="Path">A file with nothing else in it, which nobody else may read.</param>
    public sealed record FromFile(string Path) : TokenSource
    {
        public override string ToString() => $"file {Path}";
    }
}
