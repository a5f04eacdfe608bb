using System.Collections.Immutable;
using Orchestrator.Offers;

namespace Orchestrator.Planning;

/// <summary>Counts rejections by group and keeps a few offers of each: always the same ones, in whatever order they came.</summary>
internal sealed class RejectionTally
{
    private const int SampleSize = 20;

    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);

    public void Add(string name, Offer offer)
    {
        if (!_groups.TryGetValue(name, out var group))
        {
            _groups[name] = group = new Group();
        }

        group.Add(offer);
    }

    /// <param name="explain">The rejection of an offer, with its words.</param>
    public ImmutableArray<RejectionGroup> ToGroups(Func<Offer, Rejection> explain) =>
    [
        .. _groups.OrderByDescending(group => group.Value.Count).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new RejectionGroup(group.Key, group.Value.Count)
            {
                Making = new Lazy<ImmutableArray<Rejection>>(() => [.. group.Value.Sample().Select(explain)]),
            }),
    ];

    private sealed class Group
    {
        private readonly List<Offer> _kept = [];
        private bool _isFull;

        public int Count { get; private set; }

        public void Add(Offer offer)
        {
            Count++;

            // Full and sorted: only what comes before the last one matters. Sorted again when twice as many are there.
            if (_isFull && OfferOrder.Instance.Compare(offer, _kept[SampleSize - 1]) >= 0)
            {
                return;
            }

            _kept.Add(offer);
            if (_kept.Count == 2 * SampleSize)
            {
                Shorten();
                _isFull = true;
            }
        }

        public IEnumerable<Offer> Sample()
        {
            Shorten();
            return _kept;
        }

        private void Shorten()
        {
            _kept.Sort(OfferOrder.Instance);
            if (_kept.Count > SampleSize)
            {
                _kept.RemoveRange(SampleSize, _kept.Count - SampleSize);
            }
        }
    }
}
