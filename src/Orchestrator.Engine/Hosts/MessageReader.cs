using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Orchestrator.Json;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Hosts;

/// <summary>Reads an agent's NDJSON. What a host sends is hostile: lines are bounded, and anything malformed ends the connection.</summary>
public sealed class MessageReader(Stream stream)
{
    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 << 10));

    /// <returns>Null at the end of the stream.</returns>
    /// <exception cref="ProtocolException">The line is too long or not a message.</exception>
    public async Task<AgentMessage?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellation);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                var message = Parse(line);
                _reader.AdvanceTo(buffer.GetPosition(1, end));
                return message;
            }

            if (buffer.Length > ProtocolVersion.MaxLine)
            {
                throw new ProtocolException($"a line of over {ProtocolVersion.MaxLine} bytes");
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    private static AgentMessage Parse(ReadOnlySequence<byte> line)
    {
        if (line.Length > ProtocolVersion.MaxLine)
        {
            throw new ProtocolException($"a line of over {ProtocolVersion.MaxLine} bytes");
        }

        try
        {
            var json = new Utf8JsonReader(line);
            return JsonSerializer.Deserialize(ref json, CoreJson.Default.AgentMessage) ?? throw new ProtocolException("a null message");
        }
        catch (Exception malformed) when (malformed is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            throw new ProtocolException($"not a message: {malformed.Message}", malformed);
        }
    }
}
