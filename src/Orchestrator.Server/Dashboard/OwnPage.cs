using Hangfire.Dashboard;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Security;

namespace Orchestrator.Server.Dashboard;

/// <summary>
/// A page of ours. Its menu is Hangfire's; its frame is not, so that neither Hangfire's scripts nor its styles are fetched.
/// Readable without JavaScript; with it, the main part is renewed when something has changed.
/// </summary>
internal abstract class OwnPage(string title, string page) : RazorPage
{
    /// <summary>Only our own files, no inline script or style: a hostile name or log line that slipped through would still be text.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <summary>The job whose changes renew the page; null = all jobs'.</summary>
    protected virtual long? Job => null;

    /// <summary>Whether it is renewed while it is open.</summary>
    protected virtual bool IsLive => true;

    protected DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    protected Buttons Buttons => new(Context.AntiforgeryToken ?? "", Roles.MayChange(Context.GetHttpContext().User));

    public sealed override void Execute()
    {
        var headers = Context.GetHttpContext().Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "same-origin";
        var html = new Html();
        var body = new Html();
        try
        {
            Body(body);
        }
        catch (Exception error) when (error is TimeoutException or Npgsql.NpgsqlException)
        {
            body = new Html().Raw("<h1>").Text(title).Raw("</h1><p class=\"bad\">The database does not answer. Training goes on; <code>orchestrator doctor</code> says more.</p>");
        }

        Frame.Begin(html, title, Menu(), Context.AntiforgeryToken, IsLive ? Addresses.Changes(Job) : null);
        html.Raw(body.ToString());
        Frame.End(html, Context.GetHttpContext().User.Identity?.Name, Buttons.IsOperator);
        WriteLiteral(html.ToString());
    }

    protected abstract void Body(Html html);

    protected T Service<T>()
        where T : notnull => Context.GetHttpContext().RequestServices.GetRequiredService<T>();

    /// <summary>Hangfire's pages are synchronous; the thread waits, and not for long.</summary>
    protected static T Read<T>(Func<CancellationToken, Task<T>> read, TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? _patience);
        try
        {
            return Task.Run(() => read(limit.Token), limit.Token).WaitAsync(limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException("no answer in time");
        }
    }

    /// <summary>Times for people on a page that does not know their zone.</summary>
    protected string When(DateTimeOffset? at) => Views.Say.When(at, Now, TimeZoneInfo.Local);

    /// <summary>The menu that Hangfire's own pages show, so that one leads to the other.</summary>
    private IEnumerable<(string Text, string Address, bool IsHere, bool IsOwn)> Menu() =>
        NavigationMenu.Items.Select((item, at) => (Item: item(this), IsOwn: at < DashboardSetup.OwnItems)).Select(one => (one.Item.Text, one.Item.Url, one.Item.Url == Url.To(page), one.IsOwn));
}
