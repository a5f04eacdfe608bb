namespace Orchestrator.Emulators.Control;

/// <summary>What a person, a script or a drill may do to an emulated cloud while clients use it. Names are for addresses: small letters and hyphens.</summary>
public sealed record CloudControls
{
    /// <summary>As accounts in orchestrator.yaml name the provider.</summary>
    public required string Name { get; init; }

    /// <summary>What answers its clients.</summary>
    public required Interference Api { get; init; }

    public required Func<IReadOnlyList<EmulatedBill>> Bills { get; init; }

    /// <summary>A line each.</summary>
    public required Func<IReadOnlyList<string>> Offers { get; init; }

    /// <summary>What may happen to an instance, by its id.</summary>
    public required IReadOnlyDictionary<string, Action<string>> OfInstance { get; init; }

    /// <summary>What the next call of a kind meets.</summary>
    public required IReadOnlyDictionary<string, Action> OfCall { get; init; }

    /// <summary>How many of those no call has met yet.</summary>
    public required Func<int> Waiting { get; init; }

    /// <summary>What may happen to the account.</summary>
    public required IReadOnlyDictionary<string, Action> OfAccount { get; init; }

    /// <summary>Whether it publishes what instances have cost.</summary>
    public required bool PublishesCharges { get; init; }

    /// <returns>False where there is no such switch, or no such instance any more.</returns>
    public bool Throw(string name, string? instance)
    {
        if (instance is not null)
        {
            if (!OfInstance.TryGetValue(name, out var happen) || !Bills().Any(bill => bill.Id == instance && !bill.IsGone))
            {
                return false;
            }

            happen(instance);
            return true;
        }

        if (!OfCall.TryGetValue(name, out var change) && !OfAccount.TryGetValue(name, out change))
        {
            return false;
        }

        change();
        return true;
    }
}
