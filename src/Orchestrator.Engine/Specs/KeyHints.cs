using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>What to say about a key we do not know: its name in other tools, a field elsewhere in the spec, or the nearest name.</summary>
internal static class KeyHints
{
    // {0} is the value where it is a single one.
    private static readonly Dictionary<string, (string Tool, string Here)> Foreign = new(StringComparer.Ordinal)
    {
        ["accelerators"] = ("SkyPilot", "resources.gpu: {0}"),
        ["envs"] = ("SkyPilot", "env: {{NAME: value}}"),
        ["file_mounts"] = ("SkyPilot", "data: {{/to: from}}"),
        ["storage_mounts"] = ("SkyPilot", "data: {{/to: from}}"),
        ["workdir"] = ("SkyPilot", "code: {0}"),
        ["num_nodes"] = ("SkyPilot", "nodes: {0}"),
        ["use_spot"] = ("SkyPilot", "reliability.capacity: interruptible or on-demand"),
        ["job_recovery"] = ("SkyPilot", "on-failure: {{restarts: N}}; lost hosts are always replaced"),
        ["spot_recovery"] = ("SkyPilot", "nothing: lost hosts are always replaced"),
        ["infra"] = ("SkyPilot", "providers: [...]"),
        ["cloud"] = ("SkyPilot", "providers: [...]"),
        ["any_of"] = ("SkyPilot", "resources.gpu: [...], a list of alternatives"),
        ["ordered"] = ("SkyPilot", "resources.gpu: [...], a list of alternatives"),
        ["cpus"] = ("SkyPilot", "resources.cpu: {0}"),
        ["disk_size"] = ("SkyPilot", "resources.disk: 100GB"),
        ["disk_tier"] = ("SkyPilot", "resources.disk: 100GB"),
        ["image_id"] = ("SkyPilot", "image: {0}"),
        ["instance_type"] = ("SkyPilot", "resources.gpu, cpu and memory"),
        ["region"] = ("SkyPilot", "reliability.regions: [{0}]"),
        ["max_hourly_cost"] = ("SkyPilot", "budget.max-hourly: {0}"),
        ["commands"] = ("dstack", "run: |, one script"),
        ["spot_policy"] = ("dstack", "reliability.capacity: auto, on-demand or interruptible"),
        ["max_price"] = ("dstack", "budget.max-hourly: {0}"),
        ["max_duration"] = ("dstack", "max-runtime: {0}"),
        ["backends"] = ("dstack", "providers: [...]"),
        ["regions"] = ("dstack", "reliability.regions: [...]"),
        ["shm_size"] = ("dstack, Compose", "resources.shm: {0}"),
        ["working_directory"] = ("GitHub Actions", "working-dir: {0}"),
        ["gpu"] = ("dstack", "resources.gpu: {0}"),
        ["retry"] = ("dstack", "on-failure: {{restarts: N}}; lost hosts are always replaced"),
        ["utilization_policy"] = ("dstack", "timeouts.stall: 30m"),
        ["repos"] = ("dstack", "code: {{git: URL}}"),
        ["files"] = ("dstack", "code: ./dir or data: {{/to: ./from}}"),
        ["volumes"] = ("Compose, dstack", "data: {{/to: from}}; checkpoints and outputs are carried for you"),
        ["ports"] = ("Compose, dstack, SkyPilot", "tunnels: [PORT]"),
        ["environment"] = ("Compose", "env: {{NAME: value}}"),
        ["env_file"] = ("Compose", "env and secrets"),
        ["entrypoint"] = ("Compose", "command: [...]"),
        ["services"] = ("Compose", "one job per file"),
        ["deploy"] = ("Compose", "resources.gpu"),
        ["build"] = ("Compose", "image: the built image's name"),
        ["jobs"] = ("GitHub Actions", "one job per file; strategy.matrix for variants"),
        ["steps"] = ("GitHub Actions", "setup and run"),
        ["runs-on"] = ("GitHub Actions", "resources.gpu"),
        ["with"] = ("GitHub Actions", "vars"),
        ["inputs"] = ("GitHub Actions", "vars"),
        ["matrix"] = ("GitHub Actions", "strategy.matrix"),
        ["timeout-minutes"] = ("GitHub Actions", "max-runtime: 6h"),
        ["continue-on-error"] = ("GitHub Actions", "on-failure"),
        ["apiVersion"] = ("Kubernetes", "nothing: a spec has no header"),
        ["kind"] = ("Kubernetes", "nothing: a spec has no header"),
        ["metadata"] = ("Kubernetes", "name and labels"),
        ["spec"] = ("Kubernetes", "its fields, directly"),
        ["containers"] = ("Kubernetes", "image and run"),
        ["limits"] = ("Kubernetes", "resources.cpu, memory and gpu"),
        ["requests"] = ("Kubernetes", "resources.cpu, memory and gpu"),
        ["nvidia.com/gpu"] = ("Kubernetes", "resources.gpu"),
        ["args"] = ("Kubernetes", "command: [...]"),
        ["time"] = ("Slurm", "estimate: 6h on RTX 4090, and max-runtime to bound it"),
        ["partition"] = ("Slurm", "providers and resources"),
        ["gres"] = ("Slurm", "resources.gpu"),
        ["nodelist"] = ("Slurm", "providers: [ssh/NAME]"),
        ["mem"] = ("Slurm", "resources.memory: {0}"),
    };

    public static (string What, string WhatToDo) For(string key, SpecNode value, string registryPath)
    {
        var shown = key.Length > 60 ? key[..60] + "..." : key;
        var what = $"unknown key \"{shown}\"";
        var folded = key.Replace('-', '_');
        if (Foreign.TryGetValue(key, out var foreign) || Foreign.TryGetValue(folded, out foreign) || Foreign.TryGetValue(key.Replace('_', '-'), out foreign))
        {
            return ($"{what} ({foreign.Tool})", "here it is " + string.Format(null, foreign.Here, Shown(folded, value)));
        }

        if (registryPath == "resources.gpu[]" && Orchestrator.Offers.GpuTable.Find(key) is { } card)
        {
            return (what, $"write gpu: \"{card.Name}:{Shown("count", value)}\"");
        }

        var name = key.Replace('_', '-');
        var here = FieldRegistry.ChildrenOf(registryPath).Select(field => field.Name).ToList();
        if (Nearest.Of(name, here) is { } nearest)
        {
            return (what, $"did you mean {nearest}?");
        }

        var elsewhere = FieldRegistry.All.FirstOrDefault(field => field.Name == name);
        if (elsewhere is not null)
        {
            return (what, $"it belongs to {elsewhere.Path}");
        }

        // Even far away something is the nearest; a short list of what is allowed serves better than a wild guess.
        return (what, $"known here: {string.Join(", ", here.Take(8))}{(here.Count > 8 ? ", ..." : "")}; nearest is {Nearest.Always(name, here)}");
    }

    private static string Shown(string key, SpecNode value) => (key, value) switch
    {
        ("accelerators" or "gpu", ScalarNode scalar) => $"\"{scalar.Value}\"",
        ("accelerators", MapNode { Entries: [{ Key: var card, Value: ScalarNode count }, ..] }) => $"\"{card.Value}:{count.Value}\"",
        (_, ScalarNode { Value.Length: > 0 and <= 80 } scalar) => scalar.Value,
        _ => "...",
    };
}
