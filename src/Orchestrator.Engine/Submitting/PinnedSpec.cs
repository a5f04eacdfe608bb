using Orchestrator.Engine.Specs;

namespace Orchestrator.Engine.Submitting;

/// <summary>A spec whose sources and places are settled.</summary>
/// <param name="Spec">To be stored.</param>
/// <param name="Uploaded">Files that were not in the store yet.</param>
/// <param name="UploadedBytes">Their bytes.</param>
internal sealed record PinnedSpec(StoredSpec Spec, int Uploaded, long UploadedBytes);
