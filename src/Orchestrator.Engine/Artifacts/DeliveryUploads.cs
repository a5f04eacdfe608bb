using System.IO.Hashing;
using System.Text;

namespace Orchestrator.Engine.Artifacts;

/// <summary>
/// Remembers multipart uploads into places that are not ours alone. "All uploads below the prefix" would end those of other
/// people there, so each of ours has a small note among the job's own objects.
/// </summary>
internal sealed class DeliveryUploads(Mount root)
{
    private const string Suffix = ".upload";
    private const int MaxNoteBytes = 4096;

    internal async Task BegunAsync(Mount delivery, string key, string uploadId, CancellationToken cancellation)
    {
        var note = Encoding.UTF8.GetBytes($"{key}\n{uploadId}");
        using var content = new MemoryStream(note, writable: false);
        await root.Store.WriteAsync(NoteKey(delivery, key, uploadId), content, note.Length, onlyIfAbsent: false, cancellation);
    }

    internal Task EndedAsync(Mount delivery, string key, string uploadId, CancellationToken cancellation) =>
        root.Store.DeleteAsync(NoteKey(delivery, key, uploadId), cancellation);

    internal async Task AbortAsync(Mount delivery, CancellationToken cancellation)
    {
        var notes = await root.Store.ListAsync(root.Prefix + delivery.Below, cancellation)
            .Where(note => note.Key.EndsWith(Suffix, StringComparison.Ordinal) && note.Size <= MaxNoteBytes).ToListAsync(cancellation);
        foreach (var note in notes)
        {
            using var reader = new StreamReader(await root.Store.ReadAsync(note.Key, 0, null, cancellation));
            if ((await reader.ReadToEndAsync(cancellation)).Split('\n') is [var key, var uploadId] && key.StartsWith(delivery.Prefix, StringComparison.Ordinal))
            {
                await delivery.Store.AbortMultipartAsync(key, uploadId, cancellation);
            }

            await root.Store.DeleteAsync(note.Key, cancellation);
        }
    }

    private string NoteKey(Mount delivery, string key, string uploadId) =>
        $"{root.Prefix}{delivery.Below}{Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes($"{key}\n{uploadId}")))}{Suffix}";
}
