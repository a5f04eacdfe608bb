namespace Orchestrator.Emulators.RunPod;

/// <summary>A machine with its cards: what the stock of the catalogue is made of. A pod stays on one for life.</summary>
public sealed record RunPodHost
{
    public required int Id { get; init; }

    public string Gpu { get; init; } = "NVIDIA GeForce RTX 4090";

    public int Gpus { get; init; } = 1;

    /// <summary>In a data centre; else somebody's own.</summary>
    public bool Secure { get; init; } = true;

    /// <summary>Null = in none that is named.</summary>
    public string? DataCenter { get; init; } = "EU-RO-1";

    /// <summary>Two letters; null = the one that its data centre's name has.</summary>
    public string? Country { get; init; }

    public string Cuda { get; init; } = "12.8";

    public int Vcpus { get; init; } = 16;

    /// <summary>Of the host, beside each card.</summary>
    public int Ram { get; init; } = 62;

    public int Disk { get; init; } = 1000;

    /// <summary>Cards that others have rented.</summary>
    public int Taken { get; init; }

    /// <summary>Names begin with a part of the world or a country: EU-RO-1, EUR-IS-2, OC-AU-1; US-TX-3, CA-MTL-1.</summary>
    internal string? Land => Country ?? DataCenter?.Split('-') switch
    {
        ["EU" or "EUR" or "OC" or "AP", var country, ..] => country,
        [var country, ..] => country,
        _ => null,
    };

    internal string Cloud => Secure ? "SECURE" : "COMMUNITY";
}
