using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Offers;
using Orchestrator.Reconciling;

namespace Orchestrator.Providers.SshHost;

/// <summary>
/// Machines of the person's own as a provider: an instance is a folder there and an agent that outlives every connection. The books
/// lie on the machine, so that any server reads the same. A machine that does not answer is Unknown, never empty.
/// </summary>
public sealed class SshHostProvider : IProvider
{
    internal const string ProviderName = OwnMachines.Provider;

    private readonly SshHostOptions _options;
    private readonly TimeProvider _time;
    private readonly IMachineBans? _bans;
    private readonly IMachineLines? _lines;
    private readonly IMachineTerms? _terms;
    private readonly ILogger _log;
    private readonly SortedDictionary<string, MachineDesk> _desks = new(StringComparer.Ordinal);

    /// <param name="options">The machines.</param>
    /// <param name="shell">How they are reached.</param>
    /// <param name="time">For their hours and every limit.</param>
    /// <param name="bans">Null = none but those of the configuration.</param>
    /// <param name="lines">Null = nothing is known of their lines.</param>
    /// <param name="log">Null = nobody reads it.</param>
    /// <param name="terms">Null = nobody else reads a configuration.</param>
    public SshHostProvider(SshHostOptions options, IMachineShell shell, TimeProvider time, IMachineBans? bans = null, IMachineLines? lines = null, ILogger<SshHostProvider>? log = null, IMachineTerms? terms = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _time = time;
        _bans = bans;
        _log = (ILogger?)log ?? NullLogger.Instance;
        _lines = lines;
        _terms = terms;
        var agent = new Lazy<AgentFile>(() => AgentFile.Read(options.AgentPath), LazyThreadSafetyMode.PublicationOnly);
        foreach (var machine in options.Machines)
        {
            _desks.Add(machine.Name, new MachineDesk(machine, options, agent, shell, time, _log));
        }
    }

    public string Name => ProviderName;

    public ProviderTimings Timings => _options.Timings;

    public bool Knows(string? host) => _desks.Values.Any(desk => desk.Machine.Host == host);

    /// <summary>What is known of every machine, for a person.</summary>
    public IReadOnlyList<MachineView> Machines => [.. _desks.Values.Select(ViewOf)];

    internal static string HostOf(string machine) => OwnMachines.HostOf(machine);

    /// <summary>Looks at a machine now, whatever is remembered.</summary>
    public async Task<MachineView> ExamineAsync(string machine, CancellationToken cancellation)
    {
        var desk = Desk(machine);
        await desk.ExamineAsync(cancellation);
        return ViewOf(desk);
    }

    /// <summary>Free slots of the machines that answer. Only when none does is there no list: then nobody knows.</summary>
    public async Task<IReadOnlyList<Offer>> ListOffersAsync(CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var bans = await BansAsync(cancellation);
        var lines = await LinesAsync(cancellation);
        var usable = _desks.Values.Where(desk => desk.Machine is { Banned: false, Gone: false } && !bans.ContainsKey(desk.Machine.Name) && !(desk.Machine.Until(now) - now < _options.LeastRental)).ToList();
        var answers = Withhold(usable, await Task.WhenAll(usable.Select(desk => TryAsync(desk, async () => await OffersAsync(desk, now, lines.GetValueOrDefault(desk.Machine.Host), cancellation), cancellation))));
        return answers.Length == 0 || answers.Any(answer => answer.Failure is null)
            ? [.. answers.SelectMany(answer => answer.Value ?? [])]
            : throw new ProviderException(ProviderErrorKind.Transient, string.Join("; ", answers.Select(answer => answer.Failure!.Message)));
    }

    public async Task<IReadOnlyList<ListedInstance>> ListInstancesAsync(CancellationToken cancellation)
    {
        var answers = await AskAllAsync(cancellation);
        return answers.FirstOrDefault(answer => answer.Failure is not null).Failure is { } failure ? throw failure : [.. answers.SelectMany(answer => answer.Value!.Instances)];
    }

    public async Task<InstanceList> ListWhatAnswersAsync(CancellationToken cancellation)
    {
        var answers = await AskAllAsync(cancellation);
        return new(
            [.. answers.SelectMany(answer => answer.Value?.Instances ?? [])],
            [.. _desks.Values.Zip(answers).Where(pair => pair.Second.Failure is null).Select(pair => pair.First.Machine.Host)])
        {
            IsWhole = answers.All(answer => answer.Failure is null),
            Withheld = _desks.Values.Where(desk => Shared(desk) is not null).ToImmutableSortedDictionary(desk => desk.Machine.Host, desk => Shared(desk)!, StringComparer.Ordinal),
        };
    }

    public async Task<string> CreateAsync(LaunchRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var now = _time.GetUtcNow();
        var desk = _desks.Values.FirstOrDefault(one => one.Machine.Host == request.Offer.Host)
            ?? throw new ProviderException(ProviderErrorKind.NoCapacity, $"there is no machine {request.Offer.Host} in the configuration");
        // Offers are remembered for a while; a ban counts from the moment it is spoken.
        if (await BanOfAsync(desk.Machine.Name, cancellation) is { } ban)
        {
            throw new ProviderException(ProviderErrorKind.NoCapacity, $"machine {desk.Machine.Name} is {ban}");
        }

        if (Shared(desk) is { } shared)
        {
            throw new ProviderException(ProviderErrorKind.NoCapacity, shared);
        }

        return desk.Machine.Banned || desk.Machine.Gone || desk.Machine.Until(now) <= now
            ? throw new ProviderException(ProviderErrorKind.NoCapacity, $"machine {desk.Machine.Name} may not be used now")
            : await desk.LaunchAsync(request, cancellation);
    }

    public Task DestroyAsync(string instanceId, CancellationToken cancellation)
    {
        var (desk, name) = Find(instanceId);
        return desk.DestroyAsync(name, cancellation);
    }

    public Task<HostEndpoint> GetEndpointAsync(string instanceId, CancellationToken cancellation)
    {
        var (desk, name) = Find(instanceId);
        return desk.EndpointAsync(name, cancellation);
    }

    private async Task<ImmutableSortedDictionary<string, MachineBan>> BansAsync(CancellationToken cancellation) =>
        _bans is null ? ImmutableSortedDictionary<string, MachineBan>.Empty : await _bans.ListAsync(cancellation);

    private async Task<ImmutableSortedDictionary<string, MachineLine>> LinesAsync(CancellationToken cancellation) =>
        _lines is null ? ImmutableSortedDictionary<string, MachineLine>.Empty : await _lines.ListAsync(cancellation);

    private async Task<MachineBan?> BanOfAsync(string machine, CancellationToken cancellation)
    {
        try
        {
            return (await BansAsync(cancellation)).GetValueOrDefault(machine);
        }
        catch (ProviderException unknown)
        {
            // Nothing was begun yet, and the caller must know that.
            throw new ProviderException(ProviderErrorKind.NoCapacity, unknown.Message, unknown);
        }
    }

    private static async Task<IEnumerable<Offer>> OffersAsync(MachineDesk desk, DateTimeOffset now, MachineLine? line, CancellationToken cancellation)
    {
        var book = await desk.BookAsync(cancellation);
        var slots = new MachineSlots(desk.Machine, await desk.KnownAsync(cancellation));
        return slots.Offers(slots.Count - book.UsedSlots.Count(slot => slot < slots.Count), desk.Machine.Until(now), line);
    }

    /// <summary>Whatever goes wrong with one machine is that machine's: nobody else's answer may be lost by it.</summary>
    private async Task<(T? Value, ProviderException? Failure)> TryAsync<T>(MachineDesk desk, Func<Task<T>> ask, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return (await ask(), null);
        }
        catch (ProviderException failure)
        {
            return (null, failure);
        }
        catch (Exception odd) when (!cancellation.IsCancellationRequested)
        {
            _log.LogWarning(odd, "machine {Machine}: an answer that nobody foresaw", desk.Machine.Name);
            return (null, MachineDesk.Unforeseen(desk.Machine, odd));
        }
    }

    /// <summary>In the order of the machines. One that is being cut off costs its own limit, not the others' answers.</summary>
    private async Task<(MachineBook? Value, ProviderException? Failure)[]> AskAllAsync(CancellationToken cancellation)
    {
        var settled = _terms is null ? null : await _terms.SettledAsync([.. _desks.Values.Select(desk => desk.Machine)], cancellation);
        return Withhold([.. _desks.Values], await Task.WhenAll(_desks.Values.Select(desk => TryAsync(desk, () => BookAsync(desk, settled, cancellation), cancellation))));
    }

    /// <summary>
    /// With the rental's end as the configuration has it today: it may have been edited since the instances began. Where another server
    /// reads a newer one, it is that server's to tell.
    /// </summary>
    private async Task<MachineBook> BookAsync(MachineDesk desk, ImmutableHashSet<string>? settled, CancellationToken cancellation)
    {
        var book = await desk.BookAsync(cancellation);
        if (settled?.Contains(desk.Machine.Name) == false)
        {
            return book;
        }

        var term = new RentalTerm(desk.Machine.RentalEnd(_time.GetUtcNow()));
        return book with { Instances = [.. book.Instances.Select(instance => instance with { Term = term })] };
    }

    /// <summary>After all have answered, since it takes two to notice: what each of two names says of one folder would be counted twice.</summary>
    private (T? Value, ProviderException? Failure)[] Withhold<T>(IReadOnlyList<MachineDesk> desks, (T? Value, ProviderException? Failure)[] answers)
        where T : class =>
        [.. desks.Zip(answers, (desk, answer) => Shared(desk) is { } shared ? (null, answer.Failure ?? new(ProviderErrorKind.Rejected, shared)) : answer)];

    /// <summary>Why a machine is not used although it answers; null = its folder has one name.</summary>
    private string? Shared(MachineDesk desk)
    {
        if (desk.Machine.Gone || desk.FolderId is not { } folder)
        {
            return null;
        }

        var others = _desks.Values.Where(other => other != desk && !other.Machine.Gone && other.FolderId == folder).Select(other => other.Machine.Name).ToList();
        return others.Count == 0
            ? null
            : $"machine {desk.Machine.Name} has the same folder as {string.Join(", ", others)}: one machine under several names, machines with one home, or a copied disk. Keep one name in orchestrator.yaml, or give each a root of its own; until then none of them is used, and what runs there is left alone";
    }

    private MachineView ViewOf(MachineDesk desk)
    {
        var view = desk.View;
        return view with { Trouble = view.Trouble ?? Shared(desk) };
    }

    private (MachineDesk Desk, string Name) Find(string instanceId) => InstanceId.TryParse(instanceId, out var machine, out var name)
        ? (Desk(machine), name)
        : throw new ProviderException(ProviderErrorKind.NotFound, $"\"{MachineAnswers.Clean(instanceId)}\" is no instance of a machine");

    /// <summary>What a machine holds is Unknown while it is not configured, so this is never "not found".</summary>
    private MachineDesk Desk(string machine) => _desks.GetValueOrDefault(machine)
        ?? throw new ProviderException(ProviderErrorKind.Transient, $"machine \"{machine}\" is not in orchestrator.yaml any more; name it there again, so that what it still runs can be ended");
}
