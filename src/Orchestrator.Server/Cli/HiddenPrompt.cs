using System.Text;

namespace Orchestrator.Server.Cli;

/// <summary>Asks a person for something that nobody beside them should read.</summary>
internal static class HiddenPrompt
{
    internal static async Task<string> AskAsync(Terminal terminal, string what)
    {
        await terminal.Error.WriteAsync($"{what} (not shown): ");
        var value = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                value.Length = Math.Max(0, value.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                value.Append(key.KeyChar);
            }
        }

        await terminal.Error.WriteLineAsync();
        return value.ToString();
    }
}
