namespace Orchestrator.Emulators.Lambda;

/// <summary>What the provider, its machines and people at its console do to what is launched.</summary>
public sealed partial class LambdaEmulator
{
    /// <summary>The provider takes it away.</summary>
    public void Preempt(string id) => Locked(now =>
    {
        backend?.Destroy(id);
        return Of(id).PreemptedAt = now;
    });

    /// <summary>Its health checks fail.</summary>
    public void Sicken(string id) => Locked(now => Of(id).UnhealthySince ??= now);

    /// <summary>Its health checks are well again.</summary>
    public void Recover(string id) => Locked(now =>
    {
        Of(id).Recover(now);
        return 0;
    });

    /// <summary>It loses its line, which its health checks notice, or has it back.</summary>
    public void TakeOffline(string id, bool away)
    {
        if (away)
        {
            Sicken(id);
        }
        else
        {
            Recover(id);
        }

        backend?.Freeze(id, away);
    }

    /// <summary>Gone, without anybody asking for it.</summary>
    public void Vanish(string id) => Locked(now =>
    {
        backend?.Destroy(id);
        return Of(id).VanishedAt = now;
    });

    /// <summary>Somebody renames it in the console.</summary>
    public void Rename(string id, string name) => Locked(_ => Of(id).Order["name"] = name);
}
