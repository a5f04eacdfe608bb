using System.Text;
using System.Text.Encodings.Web;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard.Parts;

/// <summary>
/// A page under way. <see cref="Raw"/> takes markup that is written in this program; whatever comes from elsewhere goes through
/// the others, which encode it.
/// </summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    internal Html Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>One line of text.</summary>
    internal Html Text(string? text, int longest = 400) => Raw(HtmlEncoder.Default.Encode(Clean.Line(text, longest)));

    /// <summary>Text that has lines.</summary>
    internal Html Lines(IEnumerable<string> lines) => Raw(HtmlEncoder.Default.Encode(string.Join('\n', lines)));

    /// <summary>An opening tag; an attribute without a value is left out.</summary>
    internal Html Open(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _text.Append('<').Append(tag);
        foreach (var (name, value) in attributes)
        {
            if (value is not null)
            {
                _text.Append(' ').Append(name).Append("=\"").Append(HtmlEncoder.Default.Encode(value)).Append('"');
            }
        }

        _text.Append('>');
        return this;
    }

    /// <summary>An element with nothing but text in it.</summary>
    internal Html Element(string tag, string? text, string? style = null) => Open(tag, ("class", style)).Text(text).Raw($"</{tag}>");

    internal Html Link(string address, string text, string? style = null) => Open("a", ("href", address), ("class", style)).Text(text).Raw("</a>");

    public override string ToString() => _text.ToString();
}
