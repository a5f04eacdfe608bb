using System.Collections.Immutable;
using System.Net;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.S3;

namespace Orchestrator.Server.Configuration;

/// <summary>Reads <c>stores</c>.</summary>
internal static class StoresReader
{
    private static readonly string[] _keys =
    [
        "kind", "bucket", "prefix", "endpoint", "region", "path-style", "profile", "checksums", "credentials", "egress-price", "ca", "allow-http", "path", "default",
    ];

    internal static ImmutableArray<StoreEntry> Read(ConfigurationNode node)
    {
        var stores = ImmutableArray.CreateBuilder<StoreEntry>();
        foreach (var (name, store) in node.Named())
        {
            if (name == StoreSet.BuiltIn)
            {
                store.Error($"\"{name}\" is the name of the folder that every installation has; choose another");
            }
            else if (ReadOne(name, store) is { } entry)
            {
                if (entry.IsDefault && stores.Any(other => other.IsDefault))
                {
                    store.Error("two stores are default; keep one");
                }

                stores.Add(entry);
            }
        }

        return stores.ToImmutable();
    }

    private static StoreEntry? ReadOne(string name, ConfigurationNode node)
    {
        var keys = node.Entries(_keys).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        var kind = keys.TryGetValue("kind", out var written) ? written.OneOf("s3", "folder") : keys.ContainsKey("path") ? "folder" : "s3";
        var common = new StoreEntry
        {
            Name = name,
            Prefix = keys.TryGetValue("prefix", out var prefix) ? Prefix(prefix) : "",
            EgressPerGb = keys.TryGetValue("egress-price", out var price) ? price.DollarsPerGb() ?? Money.Zero : Money.Zero,
            IsDefault = keys.TryGetValue("default", out var isDefault) && isDefault.YesNo() == true,
        };
        switch (kind)
        {
            case "folder":
                foreach (var (key, value) in keys.Where(pair => pair.Key is not ("kind" or "path" or "prefix" or "default" or "egress-price")))
                {
                    value.Error($"{value.Path}: a folder has no {key}; leave it out");
                }

                return keys.TryGetValue("path", out var path) ? path.AbsolutePath() is { } folder ? common with { Folder = folder } : null : Missing(node, "path", "path: /mnt/store");
            case "s3":
                if (keys.TryGetValue("path", out var misplaced))
                {
                    misplaced.Error($"{misplaced.Path} is for kind: folder; a bucket has a prefix");
                }

                return keys.TryGetValue("bucket", out var bucket) ? Bucket(bucket) is { } text ? common with { Bucket = Settings(name, text, keys) } : null : Missing(node, "bucket", "bucket: my-checkpoints");
            default:
                return null;
        }
    }

    private static S3Settings Settings(string name, string bucket, Dictionary<string, ConfigurationNode> keys)
    {
        var endpoint = keys.TryGetValue("endpoint", out var at) ? Endpoint(at, keys.TryGetValue("allow-http", out var allow) && allow.YesNo() == true) : null;
        var dialect = (keys.TryGetValue("profile", out var profile) && profile.OneOf([.. S3Dialect.Names]) is { } named ? S3Dialect.Named(named) : null) ?? S3Dialect.For(endpoint);
        if (keys.TryGetValue("path-style", out var style) && style.YesNo() is { } pathStyle)
        {
            dialect = dialect with { PathStyle = pathStyle };
        }

        if (keys.TryGetValue("checksums", out var checksums) && checksums.OneOf("always", "when-required") is { } mode)
        {
            dialect = dialect with { Checksums = mode == "always", Chunked = mode == "always" };
        }

        return new()
        {
            Name = name,
            Bucket = bucket,
            Endpoint = endpoint,
            Region = keys.TryGetValue("region", out var region) ? region.Text() ?? "" : dialect == S3Dialect.R2 ? "auto" : "us-east-1",
            Dialect = dialect,
            Credentials = keys.TryGetValue("credentials", out var credentials) ? Credentials(credentials) : new S3CredentialSource.Usual(),
            CaFile = keys.TryGetValue("ca", out var ca) ? ca.AbsolutePath() : null,
        };
    }

    private static S3CredentialSource Credentials(ConfigurationNode node)
    {
        if (node.IsText)
        {
            return node.OneOf("environment") is null ? new S3CredentialSource.Usual() : new S3CredentialSource.FromEnvironment();
        }

        var (file, profile, secret) = ((string?)null, (string?)null, (string?)null);
        foreach (var (key, value) in node.Entries("file", "profile", "secret"))
        {
            switch (key)
            {
                case "file":
                    file = value.AbsolutePath();
                    break;
                case "profile":
                    profile = value.Text();
                    break;
                default:
                    secret = value.Text();
                    break;
            }
        }

        if (secret is not null && (file ?? profile) is not null)
        {
            node.Error($"{node.Path}: a secret, or a file with a profile; keep one");
        }

        return secret is not null ? new S3CredentialSource.FromSecret(secret) : new S3CredentialSource.FromFile(file, profile ?? "default");
    }

    private static Uri? Endpoint(ConfigurationNode node, bool allowHttp)
    {
        if (node.Text() is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.AbsolutePath != "/" || url.Query.Length > 0 || url.UserInfo.Length > 0)
        {
            node.Error($"{node.Path} must be https://HOST or https://HOST:PORT, without a path; the bucket has its own key");
            return null;
        }

        if (url.Scheme == "http" && !allowHttp && !IsThisMachine(url.Host))
        {
            node.Error($"{node.Path}: over plain http everybody on the way reads data and signed URLs; use https://, or write allow-http: true beside it");
        }

        return url;
    }

    private static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static string Prefix(ConfigurationNode node)
    {
        var text = StorePlace.Folder(node.Text() ?? "");
        if (StoreKeys.PrefixProblem(text) is { } problem)
        {
            node.Error($"{node.Path}: {problem}");
            return "";
        }

        return text;
    }

    private static string? Bucket(ConfigurationNode node)
    {
        if (node.Text() is not { } text)
        {
            return null;
        }

        if (text.Length is >= 3 and <= 63 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
        {
            return text;
        }

        node.Error($"{node.Path} must be a bucket's name: 3 to 63 lower-case letters, digits, dots and hyphens (no s3://, no path)");
        return null;
    }

    private static StoreEntry? Missing(ConfigurationNode node, string key, string example)
    {
        node.Error($"{node.Path} needs {key}; for example {example}");
        return null;
    }
}
