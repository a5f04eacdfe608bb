using Orchestrator.Engine.Security;

namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>Reads a store's keys from where the configuration says. Throws <see cref="StoreException"/> with what to do.</summary>
/// <param name="store">Name of the store, for messages.</param>
/// <param name="source">Where from.</param>
/// <param name="secrets">Opens a stored secret by name, null when there is none of it.</param>
/// <param name="environment">Reads a variable.</param>
internal sealed class S3KeyReader(string store, S3CredentialSource source, Func<string, Task<string?>> secrets, Func<string, string?> environment)
{
    internal async Task<S3Keys> ReadAsync() => source switch
    {
        S3CredentialSource.FromEnvironment => FromEnvironment() ?? throw Denied("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set in the server's environment"),
        S3CredentialSource.FromFile file => FromFile(file.Path ?? UsualFile(), file.Profile),
        S3CredentialSource.FromSecret secret => await FromSecretAsync(secret.Name),
        _ => FromEnvironment() ?? (File.Exists(UsualFile())
            ? FromFile(UsualFile(), environment("AWS_PROFILE") ?? "default")
            : throw Denied($"no keys: neither AWS_ACCESS_KEY_ID in the server's environment nor {UsualFile()}; name them in stores.{store}.credentials")),
    };

    /// <summary>Something that changes when the keys may have changed, at the price of a look; null = it cannot be told.</summary>
    internal string? Stamp() => source switch
    {
        S3CredentialSource.FromEnvironment => "",
        S3CredentialSource.FromFile file => StampOf(file.Path ?? UsualFile()),
        S3CredentialSource.FromSecret => null,
        _ => environment("AWS_ACCESS_KEY_ID") is null ? StampOf(UsualFile()) : "",
    };

    private S3Keys? FromEnvironment() =>
        environment("AWS_ACCESS_KEY_ID") is { Length: > 0 } id && environment("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret
            ? new(id, secret, environment("AWS_SESSION_TOKEN") is { Length: > 0 } token ? token : null)
            : null;

    private S3Keys FromFile(string path, string profile)
    {
        string[] lines;
        try
        {
            lines = PrivateFile.Read(path).Split('\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Denied($"the file with its keys cannot be read: {error.Message}", error);
        }

        var found = Section(lines, profile);
        return found.TryGetValue("aws_access_key_id", out var id) && found.TryGetValue("aws_secret_access_key", out var secret)
            ? new(id, secret, found.GetValueOrDefault("aws_session_token"))
            : throw Denied($"{path} has no section [{profile}] with aws_access_key_id and aws_secret_access_key");
    }

    private static Dictionary<string, string> Section(string[] lines, string profile)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var here = false;
        foreach (var line in lines.Select(line => line.Trim()))
        {
            if (line.StartsWith('[') && line.EndsWith(']'))
            {
                here = line[1..^1].Trim() is var name && (name == profile || name == $"profile {profile}");
            }
            else if (here && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && line[0] is not ('#' or ';'))
            {
                found[line[..at].Trim()] = line[(at + 1)..].Trim();
            }
        }

        return found;
    }

    private async Task<S3Keys> FromSecretAsync(string name) =>
        await OpenAsync(name) is { } value
            ? S3Keys.Parse(value) ?? throw Denied($"secret \"{name}\" is not of the form KEY_ID:SECRET; store it again: orchestrator secret set {name}")
            : throw Denied($"there is no secret \"{name}\"; store it as KEY_ID:SECRET: orchestrator secret set {name}");

    private async Task<string?> OpenAsync(string name)
    {
        try
        {
            return await secrets(name);
        }
        catch (Exception away) when (away is not StoreException)
        {
            throw new StoreException(StoreErrorKind.Transient, $"store {store}: secret \"{name}\" cannot be read now: {away.Message}", away);
        }
    }

    private string UsualFile() =>
        environment("AWS_SHARED_CREDENTIALS_FILE") is { Length: > 0 } named ? named : Path.Combine(environment("HOME") ?? "/", ".aws", "credentials");

    private static string StampOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? $"{file.LastWriteTimeUtc.Ticks} {file.Length} {file.FullName}" : "";
    }

    private StoreException Denied(string words, Exception? inner = null) => new(StoreErrorKind.Denied, $"store {store}: {words}", inner);
}
