namespace Orchestrator.Protocol;

/// <summary>One signed URL that is wanted.</summary>
/// <param name="Kind">What for.</param>
/// <param name="Key">The object; writes only below the attempt's own prefix, reads only of what the attempt was told to read.</param>
/// <param name="Size">Bytes to write (Put) or of the part (PutPart); ignored otherwise.</param>
/// <param name="UploadId">For PutPart, CompleteMultipart and AbortMultipart.</param>
/// <param name="Part">Part number from 1, for PutPart.</param>
/// <param name="Hash">XXH128 of the whole object where known (Put of at most one part); a store that can checks it.</param>
public sealed record GrantWanted(GrantKind Kind, string Key, long Size = 0, string? UploadId = null, int Part = 0, string? Hash = null);
