using System.Buffers.Binary;
using System.Text;

namespace Orchestrator.IntegrationTests.Agent.Portable;

/// <summary>What a 64-bit executable asks of the system it is started on: libraries, and versions of their symbols.</summary>
public sealed class ElfFile
{
    private const int DynamicSection = 6;
    private const int NeededVersions = 0x6ffffffe;
    private const int NeededTag = 1;

    private readonly byte[] _bytes;

    public ElfFile(string path)
    {
        _bytes = File.ReadAllBytes(path);
        if (!_bytes.AsSpan(0, 5).SequenceEqual("\u007fELF\u0002"u8))
        {
            throw new InvalidDataException($"{path} is no 64-bit ELF file");
        }

        foreach (var (type, link, section) in Sections())
        {
            if (type == DynamicSection)
            {
                ReadDynamic(section, link);
            }
            else if (type == NeededVersions)
            {
                ReadVersions(section, link);
            }
        }
    }

    public List<string> Libraries { get; } = [];

    /// <summary>Such as <c>GLIBC_2.29</c>, each once.</summary>
    public SortedSet<string> SymbolVersions { get; } = new(StringComparer.Ordinal);

    public Version HighestGlibc => SymbolVersions
        .Where(one => one.StartsWith("GLIBC_2", StringComparison.Ordinal))
        .Select(one => Version.Parse(one["GLIBC_".Length..]))
        .Max() ?? throw new InvalidDataException("no symbol of glibc is needed: the versions were not read");

    private IEnumerable<(int Type, int Link, Range Section)> Sections()
    {
        var table = (int)Long(0x28);
        var size = Short(0x3a);
        for (var i = 0; i < Short(0x3c); i++)
        {
            var at = table + (i * size);
            var offset = (int)Long(at + 0x18);
            yield return (Int(at + 4), Int(at + 0x28), offset..(offset + (Int(at + 4) == 8 ? 0 : (int)Long(at + 0x20))));
        }
    }

    private void ReadDynamic(Range section, int names)
    {
        for (var at = section.Start.Value; at < section.End.Value && Long(at) != 0; at += 16)
        {
            if (Long(at) == NeededTag)
            {
                Libraries.Add(Text(names, (int)Long(at + 8)));
            }
        }
    }

    private void ReadVersions(Range section, int names)
    {
        for (var file = section.Start.Value; ; file += Int(file + 12))
        {
            var version = file + Int(file + 8);
            for (var left = Short(file + 2); left > 0; left--, version += Int(version + 12))
            {
                SymbolVersions.Add(Text(names, Int(version + 8)));
            }

            if (Int(file + 12) == 0)
            {
                return;
            }
        }
    }

    private string Text(int table, int offset)
    {
        var from = Sections().ElementAt(table).Section.Start.Value + offset;
        return Encoding.ASCII.GetString(_bytes.AsSpan(from, _bytes.AsSpan(from).IndexOf((byte)0)));
    }

    private int Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    private int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at));

    private long Long(int at) => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(at));
}
