namespace Orchestrator.Engine.Images;

/// <summary>A job's image as it was when the job was submitted.</summary>
/// <param name="Written">As the spec has it.</param>
/// <param name="Pinned">What every attempt runs: <c>ghcr.io/acme/trainer@sha256:...</c>.</param>
/// <param name="Bytes">Compressed layers of its linux/amd64 variant, which is what a host pulls; null = not known.</param>
public sealed record StoredImage(string Written, string Pinned, long? Bytes);
