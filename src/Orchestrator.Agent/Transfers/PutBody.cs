namespace Orchestrator.Agent.Transfers;

/// <summary>What is to be written under one key, over as many tries as that takes, whoever granted them.</summary>
internal sealed class PutBody(string key, long size, Func<Stream> open)
{
    public string Key { get; } = key;

    public long Size { get; } = size;

    /// <summary>The bytes anew for each try.</summary>
    public Func<Stream> Open { get; } = open;

    /// <summary>A try may have reached the store although no answer came back: what lies there then is ours.</summary>
    public bool MayBeThere { get; set; }
}
