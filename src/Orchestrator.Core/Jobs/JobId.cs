using System.Globalization;

namespace Orchestrator.Jobs;

/// <summary>The number of a job in its installation's database, shown as <c>#112</c>.</summary>
public readonly record struct JobId(long Value)
{
    public override string ToString() => "#" + Value.ToString(CultureInfo.InvariantCulture);
}
