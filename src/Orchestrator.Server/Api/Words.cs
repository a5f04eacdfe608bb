using System.Text;

namespace Orchestrator.Server.Api;

/// <summary>Spelling of enum members on the wire.</summary>
public static class Words
{
    /// <summary><c>DeadlineMissed</c> to <c>deadline-missed</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Kebab(value.ToString());

    internal static string Kebab(string pascal)
    {
        var text = new StringBuilder(pascal.Length + 4);
        foreach (var letter in pascal)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    /// <summary>States no job leaves by itself.</summary>
    public static bool IsEnded(string state) => state is "succeeded" or "failed" or "cancelled" or "deadline-missed";
}
