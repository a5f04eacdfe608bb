namespace Orchestrator.Recovery.Deadlines;

/// <summary>What is believed of one place, from what was seen of it: Bayes' rule over the hidden states.</summary>
public sealed class Belief(AvailabilityModel model)
{
    private double[] _chances = [.. model.Usual];

    public ReadOnlySpan<double> Chances => _chances;

    /// <summary>Time went by; <paramref name="over"/> is the model's transition over it.</summary>
    public void Advance(double[,] over)
    {
        var next = new double[_chances.Length];
        for (var from = 0; from < next.Length; from++)
        {
            for (var to = 0; to < next.Length; to++)
            {
                next[to] += _chances[from] * over[from, to];
            }
        }

        _chances = next;
    }

    public void Saw(bool up) => _chances = Given(up);

    /// <summary>What would be believed after seeing that.</summary>
    public double[] Given(bool up)
    {
        var given = new double[_chances.Length];
        var sum = 0.0;
        for (var state = 0; state < given.Length; state++)
        {
            given[state] = model.IsUp(state) == up ? _chances[state] : 0;
            sum += given[state];
        }

        for (var state = 0; state < given.Length; state++)
        {
            // What was thought impossible was seen: back to what is usual.
            given[state] = sum > 0 ? given[state] / sum : model.IsUp(state) == up ? 1.0 / (up ? model.UpStates : model.States - model.UpStates) : 0;
        }

        return given;
    }
}
