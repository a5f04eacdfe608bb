namespace Orchestrator.Engine.Security;

/// <summary>Reads passwords and tokens each time they are needed: one that was changed needs no restart.</summary>
/// <param name="secrets">Opens a stored secret by its name; null when there is none of it.</param>
/// <param name="variables">Gives a variable of the environment.</param>
public sealed class TokenReader(Func<string, CancellationToken, Task<string?>> secrets, Func<string, string?> variables)
{
    /// <summary>Throws <see cref="TokenException"/> when it is missing or empty.</summary>
    /// <param name="source">Where it comes from.</param>
    /// <param name="setting">What of the configuration or the spec names it, for the message.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<string> ReadAsync(TokenSource source, string setting, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var text = source switch
        {
            TokenSource.FromSecret secret => await SecretAsync(secret.Name, setting, cancellation),
            TokenSource.FromEnvironment named => variables(named.Variable) ?? throw new TokenException($"{setting}: the server's environment has no {named.Variable}; set it where the server is started"),
            TokenSource.FromFile file => FileText(file.Path, setting),
            _ => throw new ArgumentOutOfRangeException(nameof(source), source, "unknown source"),
        };
        var token = text.Trim();
        if (token.Length == 0 || token.Any(char.IsControl))
        {
            throw new TokenException($"{setting}: {source} {(token.Length == 0 ? "is empty" : "has line breaks or control characters in it")}; it must hold the password or token and nothing else");
        }

        return token;
    }

    private async Task<string> SecretAsync(string name, string setting, CancellationToken cancellation)
    {
        try
        {
            return await secrets(name, cancellation) ?? throw new TokenException($"{setting}: there is no secret \"{name}\"; store it: orchestrator secret set {name}");
        }
        catch (SecretsKeyException closed)
        {
            throw new TokenException($"{setting}: {closed.Message}", closed);
        }
    }

    private static string FileText(string path, string setting)
    {
        try
        {
            return PrivateFile.Read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new TokenException($"{setting}: {error.Message}", error);
        }
    }
}
