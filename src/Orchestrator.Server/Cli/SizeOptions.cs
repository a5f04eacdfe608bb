using System.CommandLine;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Server.Cli;

/// <summary><c>--image</c> and <c>--size</c>: what a spec does not say and only a submit finds out.</summary>
internal sealed class SizeOptions
{
    public Option<string?> Image { get; } = new("--image") { Description = $"Size of the image; left out: {Priors.Image}", HelpName = "SIZE" };

    public Option<string?> Data { get; } = new("--size") { Description = $"Size of data and code; left out: what their folders hold, else {Priors.Data}", HelpName = "SIZE" };

    /// <exception cref="CliException">One of them is no size.</exception>
    public (ByteSize? Image, ByteSize? Data) Of(ParseResult parsed) => (Size(parsed.GetValue(Image), "--image"), Size(parsed.GetValue(Data), "--size"));

    private static ByteSize? Size(string? text, string option) =>
        text is null ? null
        : SpecValues.TrySize(text, out var size) ? size
        : throw new CliException(ExitCodes.Usage, $"{option} \"{text}\" is no size", "write 8GB");
}
