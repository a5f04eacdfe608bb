using Orchestrator.Providers;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>
/// Verifies the host key of one connection: the pinned one, or the one remembered from the first time. SSH.NET trusts any key where
/// nobody objects, so there is one of these for every client.
/// </summary>
/// <param name="machine">With its pinned key, if any.</param>
/// <param name="known">What was remembered.</param>
/// <param name="wrong">Kinds of key that it has shown already and that are not the pinned one: it is asked for others.</param>
internal sealed class HostKeyCheck(MachineAddress machine, KnownMachines known, IReadOnlySet<string> wrong)
{
    private const string Prefix = "SHA256:";

    /// <summary>Why the key was refused; null = it was not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The kind of key that is not the pinned one; the machine may have it under another kind.</summary>
    public string? WrongKind { get; private set; }

    public void Attach(SshClient client)
    {
        PreferKnown(client.ConnectionInfo);
        client.HostKeyReceived += Received;
    }

    private void Received(object? sender, HostKeyEventArgs e)
    {
        e.CanTrust = false;
        Refusal = Judge(e.HostKeyName, Prefix + e.FingerPrintSHA256);
        e.CanTrust = Refusal is null;
        if (e.CanTrust)
        {
            known.Showed(machine, Kind(e.HostKeyName), e.HostKey);
        }
    }

    private string? Judge(string type, string shown)
    {
        if (machine.HostKey is { } pinned)
        {
            WrongKind = Same(pinned, shown) ? null : Kind(type);
            return WrongKind is null
                ? null
                : machine.IsHostKeyOurs
                ? $"machine {machine.Name}: HOST KEY IS NOT THE ONE WE GAVE IT: it shows {shown} ({type}) instead of {pinned}. Nothing was sent. Its provider leads to another machine, or somebody is in between"
                : $"machine {machine.Name}: HOST KEY IS NOT THE PINNED ONE: it shows {shown} ({type}), orchestrator.yaml says {pinned}. Nothing was sent. If the machine was really set up anew, put its new key into host-key";
        }

        var kind = Kind(type);
        var before = known.Of(machine);
        if (before.Count == 0)
        {
            known.Remember(machine, kind, shown);
            return null;
        }

        var expected = before.GetValueOrDefault(kind) ?? before.Values.First();
        return Same(expected, shown)
            ? null
            : $"machine {machine.Name}: HOST KEY HAS CHANGED: it was {expected}, now it is {shown} ({type}). Somebody may be in between, or the machine was set up anew. Nothing was sent. If you know why it changed, accept the new key: delete the line of {machine.Name} in {known.Path}";
    }

    /// <summary>A machine with several keys shows the one that is asked for first: ask for the kind we know, or a new kind would look like a change.</summary>
    private void PreferKnown(ConnectionInfo connection)
    {
        // Of a pinned key the kind is not known before it has been seen.
        var kinds = machine.HostKey is null ? known.Of(machine).Keys.ToHashSet(StringComparer.Ordinal) : known.KeyOf(machine)?.Split(' ')[..1].ToHashSet(StringComparer.Ordinal) ?? [];
        var all = connection.HostKeyAlgorithms.Where(pair => !wrong.Contains(Kind(pair.Key))).ToList();
        connection.HostKeyAlgorithms.Clear();
        foreach (var (name, algorithm) in all.OrderBy(pair => kinds.Contains(Kind(pair.Key)) ? 0 : 1))
        {
            connection.HostKeyAlgorithms.Add(name, algorithm);
        }
    }

    /// <summary>RSA keys are one key under several names of signature.</summary>
    private static string Kind(string type) => type.StartsWith("rsa-", StringComparison.Ordinal) ? "ssh-rsa" : type;

    private static bool Same(string one, string other) => string.Equals(Bare(one), Bare(other), StringComparison.Ordinal);

    private static string Bare(string fingerprint) => (fingerprint.StartsWith(Prefix, StringComparison.Ordinal) ? fingerprint[Prefix.Length..] : fingerprint).TrimEnd('=');
}
