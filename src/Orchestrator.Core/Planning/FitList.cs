using System.Buffers;

namespace Orchestrator.Planning;

/// <summary>Offers that would do. There may be tens of thousands per plan, so that the memory is borrowed and given back.</summary>
internal sealed class FitList
{
    private Fit[] _fit = [];

    public int Count { get; private set; }

    public ref readonly Fit this[int index] => ref _fit[index];

    public void Add(in Candidate atLeast, in Candidate hourly)
    {
        if (Count == _fit.Length)
        {
            var larger = ArrayPool<Fit>.Shared.Rent(Math.Max(256, 2 * Count));
            _fit.AsSpan(0, Count).CopyTo(larger);
            GiveBack();
            _fit = larger;
        }

        _fit[Count++] = new Fit(atLeast, hourly);
    }

    /// <summary>Puts one where another was, or the same somewhat further ahead.</summary>
    public void Put(int index, in Fit fit) => _fit[index] = fit;

    public void Shorten(int count) => Count = count;

    /// <summary>The cheapest hour, and the hours of the fastest way.</summary>
    public (Candidate Hourly, double Fastest) Least()
    {
        var (hourly, fastest) = (default(Candidate), double.PositiveInfinity);
        for (var i = 0; i < Count; i++)
        {
            ref readonly var fit = ref _fit[i];
            hourly = i == 0 || fit.Hourly < hourly ? fit.Hourly : hourly;
            fastest = Math.Min(fastest, fit.AtLeast.Fastest);
        }

        return (hourly, fastest);
    }

    /// <summary>It is empty then.</summary>
    public void Release()
    {
        GiveBack();
        (_fit, Count) = ([], 0);
    }

    private void GiveBack()
    {
        if (_fit.Length > 0)
        {
            // Offers would be kept alive otherwise.
            ArrayPool<Fit>.Shared.Return(_fit, clearArray: true);
        }
    }
}
