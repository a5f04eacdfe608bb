using Hangfire.Dashboard;
using Hangfire.Dashboard.Pages;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard;

/// <summary>
/// A page of ours in Hangfire's frame. Everything that comes from outside goes through <c>Write</c>, which encodes; only
/// markup written here goes through <c>WriteLiteral</c>. Readable without JavaScript.
/// </summary>
internal abstract class OwnPage(string title) : RazorPage
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private string[] _columns = [];
    private int _column;

    public sealed override void Execute()
    {
        Layout = new LayoutPage(title);
        // Reloads without JavaScript; it answers from the database alone, so that is cheap.
        var headers = Context.GetHttpContext().Response.Headers;
        headers["Refresh"] = "15";
        // No script runs here, Hangfire's neither (and its 400 KB are not fetched): a hostile name or log line that slipped
        // through would still be text.
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        WriteLiteral("<div class=\"orc\">");
        try
        {
            Body();
        }
        catch (Exception error) when (error is TimeoutException or Npgsql.NpgsqlException)
        {
            WriteLiteral("<p class=\"orc-bad\">The database does not answer. Training goes on; <code>orchestrator doctor</code> says more.</p>");
        }

        WriteLiteral("</div>");
    }

    protected DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    protected abstract void Body();

    protected T Service<T>()
        where T : notnull => Context.GetHttpContext().RequestServices.GetRequiredService<T>();

    /// <summary>Pages are synchronous; the thread waits, and not for long.</summary>
    protected static T Read<T>(Func<CancellationToken, Task<T>> read)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            return Task.Run(() => read(limit.Token), limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException("the database does not answer");
        }
    }

    protected void Head(params string[] columns)
    {
        _columns = columns;
        WriteLiteral("<table class=\"table\"><thead><tr>");
        foreach (var column in columns)
        {
            WriteLiteral("<th>");
            Write(column);
            WriteLiteral("</th>");
        }

        WriteLiteral("</tr></thead><tbody>");
    }

    protected void Row(params string?[] cells)
    {
        BeginRow();
        foreach (var cell in cells)
        {
            Cell(cell);
        }

        EndRow();
    }

    protected void BeginRow()
    {
        _column = 0;
        WriteLiteral("<tr>");
    }

    protected void EndRow() => WriteLiteral("</tr>");

    /// <summary>A cell whose content follows; on a phone it shows its column's name.</summary>
    protected void BeginCell(bool isShort = false)
    {
        WriteLiteral(isShort ? "<td class=\"orc-nowrap\" data-label=\"" : "<td data-label=\"");
        Write(_column < _columns.Length ? _columns[_column++] : "");
        WriteLiteral("\">");
    }

    protected void EndCell() => WriteLiteral("</td>");

    protected void Cell(string? text)
    {
        BeginCell(text is { Length: <= 12 });
        Write(Clean.Line(text));
        EndCell();
    }

    protected void EndTable() => WriteLiteral("</tbody></table>");

    /// <summary>The state as a coloured word; the class comes from our own list of states.</summary>
    protected void State(string state, string word)
    {
        WriteLiteral($"<span class=\"orc-state orc-{(state.All(letter => letter is '-' or (>= 'a' and <= 'z')) ? state : "unknown")}\">");
        Write(word);
        WriteLiteral("</span>");
    }

    protected void Heading(string text)
    {
        WriteLiteral("<h3>");
        Write(text);
        WriteLiteral("</h3>");
    }

    /// <summary>Times for people on a page that does not know their zone.</summary>
    protected string When(DateTimeOffset? at) => at is null ? "-" : Say.When(at, Now, TimeZoneInfo.Local);
}
