using Orchestrator.Engine.Security;

namespace Orchestrator.Server.Configuration;

/// <summary>Reads where a password or token comes from: <c>{secret: NAME}</c>, <c>{env: VARIABLE}</c> or <c>{file: PATH}</c>.</summary>
internal static class TokenSourceReader
{
    /// <summary>Null when it has errors; they are noted.</summary>
    internal static TokenSource? Read(ConfigurationNode node)
    {
        if (node.IsText)
        {
            // People paste the token itself, and copy this file about.
            node.Error($"{node.Path} must not stand here; write {{secret: NAME}} (orchestrator secret set NAME), {{env: VARIABLE}} or {{file: PATH}}");
            return null;
        }

        var sources = node.Entries("secret", "env", "file").Select(entry => (entry.Key, Text: entry.Key == "file" ? entry.Value.AbsolutePath() : entry.Value.Text())).ToList();
        if (sources is not [{ Text: { } text } one])
        {
            if (sources.Count != 1)
            {
                node.Error($"{node.Path} needs one of secret, env and file; for example {{secret: NAME}}");
            }

            return null;
        }

        return one.Key switch
        {
            "secret" => new TokenSource.FromSecret(text),
            "env" => new TokenSource.FromEnvironment(text),
            _ => new TokenSource.FromFile(text),
        };
    }
}
