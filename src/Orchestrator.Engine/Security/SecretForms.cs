using System.Net;
using System.Text;
using System.Text.Encodings.Web;

namespace Orchestrator.Engine.Security;

/// <summary>The shapes in which a secret turns up in logs, messages and requests.</summary>
internal static class SecretForms
{
    /// <summary>Base64 of less than this could be anything.</summary>
    private const int ShortestInner = 8;

    private const int ShortestLine = 8;

    internal static IEnumerable<string> Of(string secret)
    {
        var forms = new HashSet<string>(StringComparer.Ordinal) { secret };
        AddEscapes(forms, secret);
        AddBase64(forms, Encoding.UTF8.GetBytes(secret));
        // Logs are read by the line, so every line of a private key is a secret by itself.
        foreach (var line in secret.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length >= ShortestLine || line.Length == secret.Trim().Length)
            {
                forms.Add(line);
                AddEscapes(forms, line);
            }
        }

        return forms.Where(form => form.Length >= Redactor.ShortestSecret);
    }

    private static void AddEscapes(HashSet<string> forms, string text)
    {
        var percent = Uri.EscapeDataString(text);
        forms.Add(percent);
        forms.Add(LowerEscapes(percent));
        var form = WebUtility.UrlEncode(text);
        forms.Add(form);
        forms.Add(LowerEscapes(form));
        forms.Add(JavaScriptEncoder.Default.Encode(text));
        forms.Add(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text));
        forms.Add(WebUtility.HtmlEncode(text));
    }

    /// <summary>
    /// Whole, and as part of something longer ("user:secret" in an Authorization header): depending on what stands before
    /// it, base64 shows the secret in one of three shapes, of which the characters at the ends belong to the neighbours.
    /// </summary>
    private static void AddBase64(HashSet<string> forms, byte[] bytes)
    {
        AddBothAlphabets(forms, Convert.ToBase64String(bytes).TrimEnd('='));
        for (var before = 0; before < 3; before++)
        {
            var encoded = Convert.ToBase64String([.. new byte[before], .. bytes]);
            var start = before == 0 ? 0 : before + 1;
            var end = (before + bytes.Length) * 8 / 6;
            if (end - start >= ShortestInner)
            {
                AddBothAlphabets(forms, encoded[start..end]);
            }
        }
    }

    private static void AddBothAlphabets(HashSet<string> forms, string base64)
    {
        forms.Add(base64);
        forms.Add(base64.Replace('+', '-').Replace('/', '_'));
        // A standard base64 value travels in queries with these three escaped.
        forms.Add(base64.Replace("+", "%2B", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal));
    }

    /// <summary>Only the escapes' own digits: the letters beside them are the secret's.</summary>
    private static string LowerEscapes(string escaped)
    {
        var letters = escaped.ToCharArray();
        for (var at = 0; at + 2 < letters.Length; at++)
        {
            if (letters[at] == '%')
            {
                letters[at + 1] = char.ToLowerInvariant(letters[at + 1]);
                letters[at + 2] = char.ToLowerInvariant(letters[at + 2]);
            }
        }

        return new(letters);
    }
}
