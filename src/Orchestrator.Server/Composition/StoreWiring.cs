using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Engine.Artifacts.S3;
using Orchestrator.Engine.Observing.Network;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Composition;

/// <summary>Makes the stores that the configuration names, beside the folder that every installation has.</summary>
/// <param name="options">With the configuration.</param>
/// <param name="keys">Opens secrets; signs the URLs of folders.</param>
/// <param name="address">Where this server is reached.</param>
/// <param name="secrets">Where secrets lie.</param>
/// <param name="folders">Gets the stores that this server itself must serve.</param>
/// <param name="network">Learns which of them answer.</param>
internal sealed class StoreWiring(ServeOptions options, SecretsKeyring keys, ServerAddress address, SecretStore secrets, List<FolderStore> folders, OwnNetwork network)
{
    private readonly FolderIdentity _identity = new(options.Folder.StoreFoldersFile);

    internal StoreSet Build()
    {
        var entries = options.Configuration.Stores;
        var named = entries.Select(Make).Prepend(new NamedStore(StoreSet.BuiltIn, Folder(options.Folder.Store, FolderStoreEndpoint.DefaultPath, null), "", $"folder {options.Folder.Store}")).ToList();
        return new(
            entries.FirstOrDefault(entry => entry.IsDefault)?.Name ?? StoreSet.BuiltIn,
            named,
            bucket => Open(new S3Settings
            {
                Name = $"s3://{bucket}",
                Bucket = bucket,
                Region = Environment.GetEnvironmentVariable("AWS_REGION") ?? Environment.GetEnvironmentVariable("AWS_DEFAULT_REGION") ?? "us-east-1",
            }));
    }

    internal S3Store Open(S3Settings settings) => new(
        settings,
        name => SecretAsync(name, CancellationToken.None),
        TimeProvider.System,
        network);

    /// <summary>A stored secret, opened; null when there is none of that name.</summary>
    internal async Task<string?> SecretAsync(string name, CancellationToken cancellation) =>
        await secrets.FindAsync(name, cancellation) is { } found ? keys.Open(name, found.Ciphertext) : null;

    private NamedStore Make(StoreEntry entry) => entry.Bucket is { } bucket
        ? new(entry.Name, Open(bucket), entry.Prefix, $"bucket {bucket.Bucket}{(entry.Prefix.Length > 0 ? "/" + entry.Prefix : "")} at {bucket.Where}") { EgressPerGb = entry.EgressPerGb }
        : new(entry.Name, Folder(entry.Folder!, $"{FolderStoreEndpoint.DefaultPath}/{entry.Name}", _identity), entry.Prefix, $"folder {entry.Folder}") { EgressPerGb = entry.EgressPerGb };

    private FolderStore Folder(string root, string path, FolderIdentity? identity)
    {
        var store = new FolderStore(root, keys.Derive("store urls"), () => new(address.Url, path), TimeProvider.System, identity) { Path = path };
        folders.Add(store);
        return store;
    }
}
