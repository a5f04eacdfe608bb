using System.Globalization;

namespace Orchestrator.Engine.Artifacts.Foreign;

/// <summary>What lies with strangers, by the origin that was noted when a job was submitted.</summary>
public sealed class ForeignOrigins
{
    /// <summary>Then size and URL of one file.</summary>
    internal const string WebOrigin = "web ";

    private readonly WebObjects _web;
    private readonly HubClient _hub;

    internal ForeignOrigins(WebObjects web, HubClient hub) => (_web, _hub) = (web, hub);

    internal static bool Knows(string origin) => origin.StartsWith(WebOrigin, StringComparison.Ordinal) || origin.StartsWith(HubPlace.Scheme, StringComparison.Ordinal);

    internal IForeignLinks Of(string origin)
    {
        if (!origin.StartsWith(WebOrigin, StringComparison.Ordinal))
        {
            return new HubLinks(_hub, HubPlace.Parse(origin) ?? throw Unreadable(origin));
        }

        return origin.Split(' ', 3) is [_, var size, var url] && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? new WebLink(_web, new Uri(url), bytes)
            : throw Unreadable(origin);
    }

    private static StoreException Unreadable(string origin) => new(StoreErrorKind.Invalid, $"the stored origin {StoreKeys.Shown(origin)} is not one that this version knows");
}
