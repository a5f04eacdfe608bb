using System.IO.Hashing;
using System.Text;

namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>Where a folder store keeps what. Objects are plain files under their keys; everything of ours begins with a dot.</summary>
internal sealed class FolderLayout
{
    private readonly FolderIdentity? _identity;

    internal FolderLayout(string root, FolderIdentity? identity = null)
    {
        _identity = identity;
        Root = Path.GetFullPath(root);
        Incoming = Path.Combine(Root, ".incoming");
        Uploads = Path.Combine(Root, ".uploads");
        Metas = Path.Combine(Root, ".meta");
    }

    internal string Root { get; }

    /// <summary>Files being received; a name here means nothing.</summary>
    internal string Incoming { get; }

    internal string Uploads { get; }

    private string Metas { get; }

    /// <summary>Throws <see cref="StoreException"/> where the folder is not the store: nothing it lacks is missing then.</summary>
    internal void Require() => _identity?.Require(Root);

    internal string Object(string key)
    {
        StoreKeys.Require(key);
        Require();
        return Path.Combine(Root, key);
    }

    /// <summary>By hash of the key, since a key with a suffix could be too long for a name, and a key's folders can be another's files.</summary>
    internal string Meta(string key)
    {
        var name = Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(key)));
        return Path.Combine(Metas, name[..2], name);
    }

    internal string NewIncoming() => Path.Combine(Incoming, Guid.NewGuid().ToString("N"));

    internal string Upload(string uploadId) => Path.Combine(Uploads, uploadId);
}
