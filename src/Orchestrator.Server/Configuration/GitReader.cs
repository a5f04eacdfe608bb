using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts.Git;

namespace Orchestrator.Server.Configuration;

/// <summary>Reads <c>git</c>.</summary>
internal static class GitReader
{
    internal static ImmutableArray<GitAccount> Read(ConfigurationNode node)
    {
        var accounts = ImmutableArray.CreateBuilder<GitAccount>();
        foreach (var account in node.Named().Select(entry => ReadOne(entry.Name, entry.Value)).OfType<GitAccount>())
        {
            if (accounts.Any(other => other.Host == account.Host))
            {
                node.Error($"{node.Path}: two entries are for {account.Host}; keep one");
            }

            accounts.Add(account);
        }

        return accounts.ToImmutable();
    }

    private static GitAccount? ReadOne(string name, ConfigurationNode node)
    {
        var account = new GitAccount { Name = name, Host = "" };
        foreach (var (key, value) in node.Entries("host", "user", "token", "key"))
        {
            account = key switch
            {
                "host" => account with { Host = Host(value) ?? "?" },
                "user" => account with { User = value.Text() ?? account.User },
                "token" => account with { Token = TokenSourceReader.Read(value) },
                _ => account with { KeyFile = value.AbsolutePath() },
            };
        }

        if (account.Host.Length == 0)
        {
            node.Error($"{node.Path} needs host; for example host: github.com");
            return null;
        }

        return account;
    }

    private static string? Host(ConfigurationNode node)
    {
        if (node.Text()?.ToLowerInvariant() is not { } text)
        {
            return null;
        }

        if (Engine.Images.ImageReference.IsHost(text))
        {
            return text;
        }

        node.Error($"{node.Path} must be the host as URLs name it, without https:// and without a path; for example github.com");
        return null;
    }
}
