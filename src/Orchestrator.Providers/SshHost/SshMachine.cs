using System.Collections.Immutable;

namespace Orchestrator.Providers.SshHost;

/// <summary>One of the person's own (or otherwise rented) machines, as the configuration names it.</summary>
public sealed record SshMachine
{
    public required MachineAddress Address { get; init; }

    /// <summary>Folder for everything of ours there; <c>~/</c> is the user's home.</summary>
    public string Root { get; init; } = "~/.orchestrator";

    /// <summary>Price of the whole machine per hour; an instance pays for its share of the slots.</summary>
    public Money PricePerHour { get; init; }

    /// <summary>Instances that fit at one time; null = one per GPU, without GPUs one per CPU.</summary>
    public int? Slots { get; init; }

    /// <summary>When the machine goes away for good.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it may be used; null = always.</summary>
    public UsableHours? Hours { get; init; }

    /// <summary>A spec may choose by them: <c>ssh/LABEL</c>.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Its instances are kept, no new ones are begun.</summary>
    public bool Banned { get; init; }

    /// <summary>A person's word that the machine no longer exists: what it held is gone with it.</summary>
    public bool Gone { get; init; }

    public string Name => Address.Name;

    /// <summary>Its name in offers and on the books.</summary>
    public string Host => SshHostProvider.HostOf(Address.Name);

    /// <summary>Two names for one folder on one machine, as far as the configuration tells; what is said to be gone is no machine.</summary>
    public bool IsFolderOf(SshMachine other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return !Gone && !other.Gone && Root == other.Root && (Address.User == other.Address.User || !Root.StartsWith('~')) && IsPlaceOf(Address, other.Address);
    }

    private static bool IsPlaceOf(MachineAddress? one, MachineAddress? other) =>
        one is null || other is null
            ? one is null && other is null
            : string.Equals(one.Host, other.Host, StringComparison.OrdinalIgnoreCase) && one.Port == other.Port && IsPlaceOf(one.Jump, other.Jump);

    /// <summary>When what runs there must be gone; outside the hours that is now.</summary>
    public DateTimeOffset? RentalEnd(DateTimeOffset now) => Until(now) is { } until ? (until < now ? now : until) : null;

    /// <summary>When a rental that begins now ends by itself; null = open-ended. Before <paramref name="now"/> = it cannot begin.</summary>
    public DateTimeOffset? Until(DateTimeOffset now)
    {
        DateTimeOffset? closes = Hours is null ? null : Hours.OpenUntil(now) ?? DateTimeOffset.MinValue;
        return closes is null || Expires < closes ? Expires ?? closes : closes;
    }
}
