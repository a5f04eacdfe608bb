using System.Collections.Immutable;
using Orchestrator.Engine.Http;
using Orchestrator.Engine.Security;
using Orchestrator.Spending;

namespace Orchestrator.Server.Configuration;

/// <summary>Reads <c>accounts</c>: where machines are rented, and with which key.</summary>
internal static class AccountsReader
{
    internal static ImmutableArray<AccountEntry> Read(ConfigurationNode node)
    {
        var accounts = ImmutableArray.CreateBuilder<AccountEntry>();
        foreach (var (name, value) in node.Named())
        {
            if (ReadOne(name, value) is not { } account)
            {
                continue;
            }

            if (accounts.FirstOrDefault(other => other.Provider == account.Provider) is { } first)
            {
                value.Error($"{value.Path} is a second account at {account.Provider} beside accounts.{first.Name}; one for each provider is all that is supported, keep one");
                continue;
            }

            accounts.Add(account);
        }

        return accounts.ToImmutable();
    }

    /// <summary>Null when it has errors.</summary>
    private static AccountEntry? ReadOne(string name, ConfigurationNode node)
    {
        string? provider = null;
        TokenSource? key = null;
        var hasKey = false;
        Uri? endpoint = null;
        (ConfigurationNode Node, bool Value)? unverified = null;
        var limits = new ServerLimits();
        foreach (var (field, value) in node.Entries("provider", "key", "endpoint", "unverified", "limits"))
        {
            switch (field)
            {
                case "provider":
                    provider = value.OneOf([.. KeyVariables.Names.Keys]);
                    if (provider is null)
                    {
                        return null;
                    }

                    break;
                case "key":
                    (hasKey, key) = (true, TokenSourceReader.Read(value));
                    break;
                case "endpoint":
                    endpoint = Endpoint(value);
                    break;
                case "unverified":
                    unverified = (value, value.YesNo() == true);
                    break;
                default:
                    limits = LimitsReader.ReadOfAccount(value);
                    break;
            }
        }

        provider ??= name;
        if (!KeyVariables.Names.TryGetValue(provider, out var variable))
        {
            node.Error(provider == "gpuflow"
                ? $"{node.Path}: GPUFlow can only be rented from in its web page; rent there and enter what you get under machines, with rented: yes and expires, when the rental ends"
                : $"{node.Path} needs provider: {ConfigurationNode.Either([.. KeyVariables.Names.Keys])}{(ConfigurationNode.Nearest(provider, KeyVariables.Names.Keys) is { } near ? $"; did you mean {near}?" : "")}");
            return null;
        }

        if (unverified is { } given && provider != "vast")
        {
            given.Node.Error($"{given.Node.Path}: only vast tells hosts apart that it has verified; take it out");
        }

        // A key that was named and cannot be read is an error already.
        return hasKey && key is null
            ? null
            : new AccountEntry { Name = name, Provider = provider, Key = key ?? new TokenSource.FromEnvironment(variable), Endpoint = endpoint, Unverified = unverified is { Value: true }, Limits = limits };
    }

    private static Uri? Endpoint(ConfigurationNode node)
    {
        if (node.Text() is not { } text)
        {
            return null;
        }

        // The key goes there.
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.AbsolutePath == "/" && url.Query.Length == 0 && url.UserInfo.Length == 0
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && WebHandlers.IsThisMachine(url.Host))))
        {
            return url;
        }

        node.Error($"{node.Path} must be https://HOST without a path (http:// for this machine only); left out it is the provider's own");
        return null;
    }
}
