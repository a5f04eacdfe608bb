using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Engine.Images;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>
/// Which jobs do the same work, so that one may stand for another: same image, origin of code and data, commands, environment and
/// number of steps, as written. What is behind a tag, a branch or a folder may differ: people rebuild and push between two runs,
/// and that seldom changes how long training takes. Where and how it runs, and what it may cost, make no difference.
/// </summary>
public static class WorkKey
{
    public static string Of(JobSpec spec)
    {
        var text = new StringBuilder();
        void Add(string name, params IEnumerable<string?> values)
        {
            text.Append(name);
            foreach (var value in values)
            {
                // The length first: no two lists read the same.
                text.Append(CultureInfo.InvariantCulture, $" {value?.Length ?? -1}:{value}");
            }

            text.Append('\n');
        }

        Add("image", ImageName(spec.Image));
        Add("code", spec.Code?.Folder, spec.Code?.Git, spec.Code?.Path);
        Add("setup", spec.Setup);
        Add("run", [spec.Run, spec.Shell.ToString(), spec.WorkingDir, .. spec.Command]);
        Add("env", spec.Env.SelectMany(one => (string[])[one.Key, one.Value]));
        Add("data", spec.Data.SelectMany(one => (string[])[one.From, one.To]));
        Add("template", [spec.Template, .. spec.Vars.SelectMany(one => (string[])[one.Key, one.Value])]);
        Add("steps", spec.Progress.Total?.ToString(CultureInfo.InvariantCulture));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }

    private static string? ImageName(string? image) => image is null ? null
        : ImageReference.Parse(image, out _) is { Tag: not null } tagged ? (tagged with { Digest = null }).ToString()
        : image;
}
