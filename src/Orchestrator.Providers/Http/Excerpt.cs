namespace Orchestrator.Providers.Http;

/// <summary>The beginning of an answer that has no end.</summary>
/// <param name="Time">How long it is read; what has come by then is the answer.</param>
/// <param name="Bytes">After so many it is enough.</param>
public sealed record Excerpt(TimeSpan Time, int Bytes);
