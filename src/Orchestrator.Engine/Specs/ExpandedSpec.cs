using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Lists every value of an expanded spec in words, in the order of the reference.</summary>
internal sealed partial class ExpandedSpec(Func<string, (SpecOrigin Origin, int? Line)> originOf)
{
    private static readonly string[] GpuFields = ["model", "count", "memory", "total-memory", "compute-capability", "interconnect"];

    private readonly ImmutableArray<ExpandedValue>.Builder _values = ImmutableArray.CreateBuilder<ExpandedValue>();

    public static ImmutableArray<ExpandedValue> Of(JobSpec spec, Func<string, (SpecOrigin Origin, int? Line)> originOf)
    {
        var view = new ExpandedSpec(originOf);
        view.Work(spec);
        view.Conduct(spec);
        return view._values.ToImmutable();
    }

    private void Work(JobSpec spec)
    {
        Add("version", spec.Version);
        Add("name", spec.Name);
        Map("labels", spec.Labels);
        Add("template", spec.Template);
        Map("vars", spec.Vars);
        Add("image", spec.Image);
        Add("registry-auth", spec.RegistryAuth is { } auth ? auth.Profile ?? $"{auth.Username}, password from secret {auth.PasswordSecret}" : "matched by host");
        Add("code", spec.Code is null ? "none" : spec.Code.Git ?? spec.Code.Folder);
        if (spec.Code is { } code)
        {
            Add("code.ref", code.Ref);
            Add("code.path", code.Path);
            Add("code.to", code.To);
            List("code.include", code.Include);
            List("code.exclude", code.Exclude);
        }

        Add("working-dir", spec.WorkingDir ?? spec.Code?.To ?? "the image's");
        Add("setup", spec.Setup);
        Add("run", spec.Run);
        List("command", spec.Command);
        Add("shell", spec.Shell);
        Map("env", spec.Env);
        Map("secrets", spec.Secrets);
        Gpus(spec);
        Add("resources.cpu", spec.Resources.Cpu, "4 per GPU");
        Add("resources.memory", spec.Resources.Memory, "16GB per GPU");
        Add("resources.disk", spec.Resources.Disk, "auto");
        Add("resources.shm", spec.Resources.Shm, "auto");
        Add("resources.cuda", spec.Resources.Cuda is { } cuda ? ">=" + cuda : "from the image");
        Add("resources.network.down", spec.Resources.DownMbps is { } down ? $"{down}Mbps" : "none");
        Add("resources.network.up", spec.Resources.UpMbps is { } up ? $"{up}Mbps" : "none");
        List("tunnels", spec.Tunnels.Select(port => port.ToString(CultureInfo.InvariantCulture)));
        for (var index = 0; index < spec.Data.Length; index++)
        {
            var (mount, at) = (spec.Data[index], SpecPlaces.Item("data", index));
            Add(at + ".from", mount.From);
            Add(at + ".to", mount.To);
            List(at + ".include", mount.Include);
            List(at + ".exclude", mount.Exclude);
            Add(at + ".start-when", mount.StartWhen);
            Add(at + ".volume", mount.Volume);
        }

        Add("sensitive", spec.Sensitive);
        Add("estimate.time", spec.Estimate?.Time, "unknown");
        if (spec.Estimate is { } estimate)
        {
            Add("estimate.on", estimate.Model is null ? "the requested card" : $"{estimate.Count}x {estimate.Model}");
            Add("estimate.checkpoint-size", estimate.CheckpointSize, "measured");
        }
    }

    private void Gpus(JobSpec spec)
    {
        var gpus = spec.Resources.Gpu;
        if (gpus.IsEmpty)
        {
            Add("resources.gpu", "none");
        }

        for (var index = 0; index < gpus.Length; index++)
        {
            var gpu = gpus[index];

            // A single alternative may have been written without a list.
            var at = SpecPlaces.Item("resources.gpu", index);
            var written = gpus.Length == 1 && GpuFields.All(field => originOf($"{at}.{field}").Origin == SpecOrigin.BuiltIn) ? "resources.gpu" : at;
            Add(at + ".model", gpu.Model ?? "any", written + ".model");
            Add(at + ".count", gpu.Count, written + ".count");
            Add(at + ".memory", gpu.Memory?.ToString() ?? "any", written + ".memory");
            Add(at + ".total-memory", gpu.TotalMemory?.ToString() ?? "any", written + ".total-memory");
            Add(at + ".compute-capability", gpu.ComputeCapability?.ToString() ?? "any", written + ".compute-capability");
            Add(at + ".interconnect", Word(gpu.Interconnect), written + ".interconnect");
            foreach (var (name, value) in gpu.Env)
            {
                Add($"{at}.env.{name}", value, $"{written}.env.{name}");
            }
        }
    }

    private void Map(string path, ImmutableSortedDictionary<string, string> map)
    {
        foreach (var (key, value) in map)
        {
            Add($"{path}.{key}", value);
        }

        if (map.IsEmpty)
        {
            Add(path, "{}");
        }
    }

    private void List(string path, IEnumerable<string> items) => Add(path, $"[{string.Join(", ", items)}]");

    private void Add(string path, object? value, string writtenAt) => Put(path, Show(value) ?? "none", writtenAt);

    private void Add<T>(string path, T? value, string absent)
        where T : struct => Put(path, value is null ? absent : Show(value.Value)!, path);

    private void Add(string path, object? value) => Put(path, Show(value) ?? "none", path);

    private void Put(string path, string value, string writtenAt)
    {
        var (origin, line) = originOf(writtenAt);
        _values.Add(new ExpandedValue(path, value, origin, line));
    }

    private static string? Show(object? value) => value switch
    {
        null => null,
        TimeSpan duration => SpecValues.Format(duration),
        bool flag => flag ? "true" : "false",
        Enum word => Word(word),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static string Word(Enum value) => WordStart().Replace(value.ToString(), "-").ToLowerInvariant();

    private static string Share(decimal fraction) => (fraction * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex WordStart();
}
