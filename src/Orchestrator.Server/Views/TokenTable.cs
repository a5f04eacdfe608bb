using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>Who else may come in.</summary>
public static class TokenTable
{
    public static IEnumerable<string> Lines(IReadOnlyList<TokenView> tokens, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Count == 0)
        {
            return ["no tokens but the installation's own. Make one: orchestrator server token create --role viewer --expires 30d --name NAME"];
        }

        var table = new TextTable(new("NAME", 11), new("KIND", 5, CanGo: true), new("ROLE", 8), new("STATE", 7), new("EXPIRES", 12), new("MADE", 5, CanGo: true), new("BY", 4, CanGo: true), new("ID", 12, CanGo: true));
        foreach (var token in tokens)
        {
            table.Add(
                [
                    token.Name, token.Kind, token.Role, token.State, token.ExpiresAt is null ? "never" : Say.When(token.ExpiresAt, now, zone), Say.When(token.CreatedAt, now, zone), token.CreatedBy, token.Id,
                ],
                (column, cell) => column == 3 && token.State != "live" ? paint.Dim(cell) : cell);
        }

        return table.Lines(width, paint);
    }
}
