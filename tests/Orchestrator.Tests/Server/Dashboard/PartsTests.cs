using System.Security.Claims;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Security;
using Xunit;

namespace Orchestrator.Tests.Server.Dashboard;

/// <summary>The pieces of pages.</summary>
public sealed class PartsTests
{
    private const string Hostile = "<script>\"'&\n\u202e\e[31m";

    [Fact]
    public void Whatever_comes_from_elsewhere_is_encoded_in_text_attributes_tables_and_charts()
    {
        var html = new Html();
        html.Text(Hostile).Lines([Hostile]).Element("p", Hostile).Link(Hostile, Hostile).State(Hostile, Hostile).Tile(Hostile, Hostile, Hostile).Fact(Hostile, Hostile).Bar(0.5, Hostile).JobLink(1, Hostile);
        new Table(html, Hostile, Hostile, new Heading(Hostile) { Address = Hostile, Order = "descending" }).Row(Hostile, Hostile);
        Squares.Write(html, [Hostile, "failed"], Hostile);
        html.BatchLink(new(4, Hostile, 1, Hostile, null), 40);
        new Buttons(Hostile, IsOperator: true).Amount(html, Hostile, Hostile, Hostile, 5, Hostile);
        html.Chart(new(Hostile, Hostile, "$", [1, 2], [new(Hostile, [1, null]), new("b", [2, 3])]) { Bands = [new(1, 2, Hostile)] });
        new Buttons(Hostile, IsOperator: true).Twice(html, "id", Hostile, Hostile, Hostile);

        var page = html.ToString();
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\"'", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202e", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", page, StringComparison.Ordinal);
        Assert.Contains("state other", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_without_scripts_has_a_path_with_gaps_and_a_band_for_each_attempt()
    {
        var page = new Html();
        page.Chart(new("loss", "it fell", "", [0, 10, 20, 30], [new("loss", [4, null, 2, 0])]) { Bands = [new(0, 10, "attempt 1"), new(20, 30, "attempt 2")] });

        var text = page.ToString();
        Assert.Contains("d=\"M0 4M666.7 100L1000 196\"", text, StringComparison.Ordinal);
        Assert.Contains("<rect class=\"band0\" x=\"0\" y=\"0\" width=\"333.3\"", text, StringComparison.Ordinal);
        Assert.Contains("<rect class=\"band1\" x=\"666.7\"", text, StringComparison.Ordinal);
        Assert.Contains("<p class=\"about\">it fell</p>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_jobs_are_squares_of_a_few_colours_in_few_bytes()
    {
        var page = new Html();
        Squares.Write(page, Enumerable.Range(0, 1_000).Select(at => at % 3 == 0 ? "failed" : at % 3 == 1 ? "waiting" : "pending"), "1,000 jobs");

        var text = page.ToString();
        Assert.Contains("viewBox=\"0 0 600 240\"", text, StringComparison.Ordinal);
        Assert.Equal(3, text.Split("<path class=\"").Length - 1);
        Assert.Contains("<path class=\"failed\" d=\"M0 0h10v10h-10zM36 0h10v10h-10z", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1_000, 25_000);
    }

    [Fact]
    public void One_point_is_no_chart()
    {
        var page = new Html();
        page.Chart(new("loss", "it fell", "", [0], [new("loss", [4])]));

        Assert.Contains("too little to draw yet", page.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_only_read_is_shown_no_button()
    {
        var html = new Html();
        var buttons = new Buttons("token", IsOperator: false);
        buttons.One(html, "/x", "Pause");
        buttons.Twice(html, "id", "/x", "Cancel", "Yes");
        buttons.Amount(html, "/x", "budget", "Budget", 5, "Set");

        Assert.Equal("", html.ToString());
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("operator", true)]
    [InlineData("admin", true)]
    [InlineData("viewer", false)]
    [InlineData("something-new", false)]
    public void Only_operators_change_anything(string? role, bool may)
    {
        Claim[] claims = role is null ? [] : [new(ClaimTypes.Role, role)];

        Assert.Equal(may, Roles.MayChange(new(new ClaimsIdentity(claims, "test"))));
        Assert.False(Roles.MayChange(new(new ClaimsIdentity(claims))));
    }
}
