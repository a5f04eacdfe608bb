using Orchestrator.Jobs;

namespace Orchestrator.Planning;

/// <summary>What has to be moved. Null = unknown: a documented assumption stands in (see <see cref="Forecasting.Priors"/>).</summary>
public sealed record WorkSizes
{
    /// <summary>The image as it is pulled; zero where none is needed.</summary>
    public ByteSize? Image { get; init; }

    /// <summary>Data and code that every new host receives.</summary>
    public ByteSize? Data { get; init; }

    /// <summary>One checkpoint.</summary>
    public ByteSize? Checkpoint { get; init; }

    /// <summary>That was measured: on this job's own, in a rehearsal, or in earlier jobs of the same work.</summary>
    public bool IsCheckpointMeasured { get; init; }

    /// <summary>What is restored before training goes on; zero where the job starts from nothing.</summary>
    public ByteSize Restore { get; init; }

    /// <summary>Outputs sent at the end.</summary>
    public ByteSize Outputs { get; init; }
}
