namespace Orchestrator.Planning;

/// <summary>The few best of many candidates, in order.</summary>
internal sealed class Best(int most)
{
    private readonly List<Candidate> _kept = new(most + 1);

    public IReadOnlyList<Candidate> Kept => _kept;

    public bool WouldKeep(in Candidate candidate) => _kept.Count < most || candidate < _kept[^1];

    public void Add(in Candidate candidate)
    {
        if (!WouldKeep(candidate))
        {
            return;
        }

        var at = _kept.BinarySearch(candidate);
        _kept.Insert(at < 0 ? ~at : at, candidate);
        if (_kept.Count > most)
        {
            _kept.RemoveAt(most);
        }
    }
}
