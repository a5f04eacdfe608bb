using Orchestrator.Jobs;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Orchestrator.Engine.Specs;

/// <summary>
/// Reads one YAML document into nodes with places. Works on events because object mapping would re-type values,
/// lose places and stop at the first problem.
/// </summary>
internal sealed class YamlTree
{
    public const int MaxBytes = 256 * 1024;
    private const int MaxDepth = 32;

    private readonly SpecProblems _problems;
    private readonly Scanner _scanner;
    private readonly Parser _parser;

    private YamlTree(string text, SpecProblems problems)
    {
        _problems = problems;
        _scanner = new Scanner(new StringReader(text), skipComments: true);
        _parser = new Parser(_scanner);
    }

    /// <summary>The root node, or null with at least one problem added.</summary>
    public static SpecNode? Read(string text, SpecProblems problems)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            problems.Error(1, 1, "the file is larger than 256 KB", "a spec is a few dozen lines; keep data and code outside");
            return null;
        }

        if (Unprintable(text) is var (line, column))
        {
            problems.Error(line, column, "a control character", "save the file as plain UTF-8 text");
            return null;
        }

        var reader = new YamlTree(text, problems);
        try
        {
            return reader.Document();
        }
        catch (YamlException exception)
        {
            var place = exception.Start;
            var exclusion = text.Split('\n').Any(written => written.Contains("[!", StringComparison.Ordinal) || written.Contains(", !", StringComparison.Ordinal));
            problems.Error((int)place.Line, (int)place.Column, "not valid YAML: " + Reason(exception),
                exclusion ? "a value that begins with ! is a tag to YAML inside brackets: quote it, \"!x\"" : "mend the line");
            return null;
        }
        catch (InvalidOperationException)
        {
            // What YamlDotNet 18.1's scanner throws, without a place, for a plain value inside brackets that goes on at the start of the next line.
            var place = reader._scanner.CurrentPosition;
            problems.Error((int)place.Line, (int)place.Column, "not valid YAML: a value inside brackets breaks off here",
                "quote it, or indent the line it goes on");
            return null;
        }
    }

    private SpecNode? Document()
    {
        _parser.MoveNext();
        _parser.MoveNext();
        if (_parser.Current is StreamEnd)
        {
            _problems.Error(1, 1, "the file is empty", "start with run: and resources:");
            return null;
        }

        _parser.MoveNext();
        var root = Node(0);
        _parser.MoveNext();
        _parser.MoveNext();
        if (_parser.Current is DocumentStart second)
        {
            _problems.Error((int)second.Start.Line, (int)second.Start.Column, "a second document", "one spec per file; remove everything from --- on");
            return null;
        }

        return root;
    }

    /// <summary>Reads the node the parser stands on and leaves the parser on its last event.</summary>
    private SpecNode Node(int depth)
    {
        var current = _parser.Current!;
        var (line, column) = ((int)current.Start.Line, (int)current.Start.Column);
        if (depth > MaxDepth)
        {
            throw new YamlException(current.Start, current.End, $"nested deeper than {MaxDepth} levels");
        }

        switch (current)
        {
            case Scalar scalar:
                return ReadScalar(scalar);

            case AnchorAlias alias:
                _problems.Error(line, column, $"alias *{alias.Value}: aliases are refused", "write the value out");
                return new ScalarNode("", true, line, column);

            case SequenceStart start:
                Tag(start.Tag, line, column);
                var items = new List<SpecNode>();
                while (Next() is not SequenceEnd)
                {
                    items.Add(Node(depth + 1));
                }

                return new ListNode(items, line, column);

            case MappingStart start:
                Tag(start.Tag, line, column);
                return new MapNode(Entries(depth), line, column);

            default:
                throw new YamlException(current.Start, current.End, "unexpected content");
        }
    }

    private List<KeyValuePair<ScalarNode, SpecNode>> Entries(int depth)
    {
        var entries = new List<KeyValuePair<ScalarNode, SpecNode>>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        while (Next() is not MappingEnd)
        {
            var key = Node(depth + 1);
            Next();
            var value = Node(depth + 1);
            if (key is not ScalarNode name)
            {
                _problems.Error(key, "", "a key that is a list or a mapping", "keys are plain words");
            }
            else if (name is { Value: "<<", Plain: true })
            {
                _problems.Error(key, "", "merge key <<: merging is refused", "write the values out");
            }
            else if (!seen.TryAdd(name.Value, name.Line))
            {
                _problems.Error(key, "", $"duplicate key \"{name.Value}\", first on line {seen[name.Value]}", "keep one");
            }
            else
            {
                entries.Add(new(name, value));
            }
        }

        return entries;
    }

    private ScalarNode ReadScalar(Scalar scalar)
    {
        var (line, column) = ((int)scalar.Start.Line, (int)scalar.Start.Column);
        var value = scalar.Value;
        var tag = scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? "" : scalar.Tag.Value;
        if (tag.Length > 1 && tag[0] == '!' && value.Length == 0)
        {
            // `!vast` in a list of providers is a tag to YAML, and an exclusion to everybody else.
            return new ScalarNode(tag, false, line, column);
        }

        Tag(scalar.Tag, line, column);
        return new ScalarNode(value, scalar.Style == ScalarStyle.Plain, line, column);
    }

    private void Tag(TagName tag, int line, int column)
    {
        if (!tag.IsEmpty && !tag.IsNonSpecific)
        {
            _problems.Error(line, column, $"tag {tag.Value}: tags are refused", "values are taken as written; leave the tag out");
        }
    }

    private ParsingEvent Next()
    {
        if (!_parser.MoveNext())
        {
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, "the file ends too early");
        }

        return _parser.Current!;
    }

    private static string Reason(YamlException exception)
    {
        // The library's text repeats the place in front of the reason; the place is printed already.
        var text = exception.Message;
        var end = text.StartsWith('(') ? text.IndexOf("): ", StringComparison.Ordinal) : -1;
        return (end > 0 ? text[(end + 3)..] : text).TrimEnd('.');
    }

    private static (int Line, int Column)? Unprintable(string text)
    {
        var (line, column) = (1, 1);
        foreach (var character in text)
        {
            if ((char.IsControl(character) && character is not ('\n' or '\r' or '\t')) || character == '\uFFFE')
            {
                return (line, column);
            }

            (line, column) = character == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        return null;
    }
}
