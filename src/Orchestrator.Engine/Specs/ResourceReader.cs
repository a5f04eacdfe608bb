using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Engine.Specs;

/// <summary>Reads <c>resources</c> and <c>estimate</c>.</summary>
internal static class ResourceReader
{
    public static ResourceRequest Read(MapReader job)
    {
        if (job.Map("resources", "resources: {gpu: RTX 4090}") is not { } map)
        {
            return new ResourceRequest();
        }

        var network = map.Map("network", "{down: 500Mbps, up: 100Mbps}");
        return new ResourceRequest
        {
            Gpu = Gpus(map),
            Cpu = map.Int("cpu", 1, 4096),
            Memory = map.Size("memory"),
            Disk = map.SizeOrAuto("disk"),
            Shm = map.SizeOrAuto("shm"),
            Cuda = map.Scope.TryRead<CudaVersion>(map["cuda"], "resources.cuda", SpecValues.TryCuda, "a lowest version such as >=12.4", out var cuda) ? cuda : null,
            DownMbps = network is null ? null : Bandwidth(network, "down"),
            UpMbps = network is null ? null : Bandwidth(network, "up"),
        };
    }

    public static Estimate? Estimate(MapReader job)
    {
        const string expected = "an estimate such as 6h on RTX 4090";
        switch (job["estimate"])
        {
            case null:
                return null;
            case MapNode:
                var map = job.Map("estimate")!;
                if (map["time"] is null)
                {
                    job.Scope.Problems.Error(map.Node, "estimate", "estimate.time is missing", "write {time: 6h, on: RTX 4090}");
                }

                var on = Card(job.Scope, map["on"], "estimate.on");
                return new Estimate
                {
                    Time = map.PositiveDuration("time") ?? TimeSpan.Zero, Model = on?.Model, Count = on?.Count.Min ?? 1, CheckpointSize = map.Size("checkpoint-size"),
                };
            case ScalarNode { HasExpression: false } scalar:
                var parts = scalar.Value.Split(" on ", 2, StringSplitOptions.TrimEntries);
                if (!SpecValues.TryDuration(parts[0], out var time) || time == TimeSpan.Zero)
                {
                    job.Scope.Problems.Error(scalar, "estimate", $"estimate: \"{scalar.Value}\" is not {expected}", "write " + expected);
                    return null;
                }

                var card = parts.Length == 2 ? Card(job.Scope, scalar with { Value = parts[1] }, "estimate") : null;
                return new Estimate { Time = time, Model = card?.Model, Count = card?.Count.Min ?? 1 };
            case var node:
                job.Scope.TryRead<string>(node, "estimate", Values.NotEmpty, expected, out _);
                return null;
        }
    }

    private static ImmutableArray<GpuRequirement> Gpus(MapReader map)
    {
        var node = map["gpu"];
        if (node is null or ScalarNode { Value: "none" })
        {
            return [];
        }

        var path = map.At("gpu");
        if (node is ListNode { Items.Count: 0 })
        {
            map.Scope.Problems.Error(node, path, $"{path} is an empty list", "name a card, or write gpu: none");
        }

        var alternatives = ImmutableArray.CreateBuilder<GpuRequirement>();
        IEnumerable<(SpecNode Item, string Path)> items = node is ListNode ? Values.Items(map.Scope, node, path, "a card") : [(node, path)];
        foreach (var (item, at) in items)
        {
            var requirement = item is MapNode described ? Described(new MapReader(map.Scope, described, at, "resources.gpu[]")) : Card(map.Scope, item, at);
            if (requirement is not null)
            {
                alternatives.Add(requirement);
            }
        }

        return alternatives.ToImmutable();
    }

    private static GpuRequirement Described(MapReader map)
    {
        var card = map["model"] is null ? null : Card(map.Scope, map["model"], map.At("model"));
        var count = Range<CountRange>(map, "count", SpecValues.TryCountRange, "a count such as 2 or 2..4");
        if (card is { Count.Min: not 1 } && count is not null)
        {
            map.Scope.Problems.Error(map["count"]!, map.At("count"), $"{map.At("count")}: the count is given twice", "keep count, and the bare name in model");
        }

        return new GpuRequirement
        {
            Model = card?.Model,
            Count = count ?? card?.Count ?? CountRange.One,
            Memory = Range<SizeRange?>(map, "memory", SpecValues.TrySizeRange, "a size or range such as 24GB, 24GB..80GB"),
            TotalMemory = Range<SizeRange?>(map, "total-memory", SpecValues.TrySizeRange, "a size or range such as 160GB.."),
            ComputeCapability = Range<CapabilityRange?>(map, "compute-capability", SpecValues.TryCapabilityRange, "a capability or range such as 8.6.."),
            Interconnect = map.Choice("interconnect", ("any", GpuInterconnect.Any), ("nvlink", GpuInterconnect.Nvlink)) ?? GpuInterconnect.Any,
            Env = Values.Map(map.Scope, map["env"], map.At("env"), Values.TryEnvName, "a variable's name"),
        };
    }

    private static T? Range<T>(MapReader map, string key, SpecScope.Parser<T> parse, string expected) =>
        map.Scope.TryRead(map[key], map.At(key), parse, expected, out var value) ? value : default;

    private static int? Bandwidth(MapReader map, string key) =>
        map.Scope.TryRead<int>(map[key], map.At(key), SpecValues.TryBandwidth, "a bandwidth such as 500Mbps or 1Gbps", out var value) ? value : null;

    /// <summary><c>4090</c>, <c>A100-80GB:2</c>, <c>8x A100-80GB</c>.</summary>
    private static GpuRequirement? Card(SpecScope scope, SpecNode? node, string path)
    {
        if (!scope.TryRead<string>(node, path, Values.NotEmpty, "a card such as RTX 4090 or A100-80GB:2", out var text))
        {
            return null;
        }

        var (name, countText) = (text, "1");
        if (text.LastIndexOf(':') is var colon && colon > 0)
        {
            (name, countText) = (text[..colon].Trim(), text[(colon + 1)..].Trim());
        }
        else if (text.IndexOf('x', StringComparison.Ordinal) is var times && times > 0 && text[..times].All(char.IsAsciiDigit))
        {
            (countText, name) = (text[..times], text[(times + 1)..].Trim());
        }

        if (!SpecValues.TryCountRange(countText, out var count))
        {
            scope.Problems.Error(node!, path, $"{path}: \"{countText}\" is not a number of cards", "write a count such as 2 or 2..4");
            return null;
        }

        if (name == "none")
        {
            scope.Problems.Error(node!, path, $"{path}: none is no alternative to a card", "write gpu: none alone for a job without GPU");
            return null;
        }

        if (GpuTable.Find(name) is { } card)
        {
            return new GpuRequirement { Model = card.Name, Count = count };
        }

        var hint = SpecValues.TrySizeRange(name, out _) ? $"write gpu: {{memory: {name}}}"
            : Nearest.Of(name, GpuTable.Names) is { } nearest ? $"did you mean {nearest}?"
            : "use a usual name such as RTX 4090 or A100-80GB, or describe it: {memory: 24GB.., compute-capability: 8.6..}";
        scope.Problems.Error(node!, path, $"{path}: unknown GPU \"{name}\"", hint);
        return null;
    }
}
