using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Orchestrator.Server.Security;
using Xunit;

namespace Orchestrator.Tests.Server.Security;

public sealed class AccessTests
{
    [Theory]
    [InlineData("admin", "viewer", true)]
    [InlineData("admin", "operator", true)]
    [InlineData("operator", "viewer", true)]
    [InlineData("operator", "operator", true)]
    [InlineData("operator", "admin", false)]
    [InlineData("viewer", "operator", false)]
    [InlineData("Admin", "viewer", false)]
    [InlineData("", "viewer", false)]
    [InlineData(null, "viewer", false)]
    public void A_higher_role_may_what_a_lower_one_may(string? role, string asked, bool may) => Assert.Equal(may, Roles.Covers(role, asked));

    [Fact]
    public void Nobody_asks_for_a_role_that_there_is_not() => Assert.Throws<ArgumentException>(() => Roles.Covers(Roles.Admin, "owner"));

    [Fact]
    public void Of_a_groups_role_and_an_endpoints_own_the_higher_counts()
    {
        Assert.Equal(Roles.Admin, Access.RoleOf(Endpoint(Roles.Viewer, Roles.Admin)));
        Assert.Equal(Roles.Admin, Access.RoleOf(Endpoint(Roles.Admin, Roles.Viewer)));
        Assert.Null(Access.RoleOf(Endpoint()));
        Assert.Null(Access.RoleOf(Endpoint("something-else")));
        Assert.Null(Access.RoleOf(null));
    }

    private static Endpoint Endpoint(params string[] policies) => new(null, new([.. policies.Select(policy => new AuthorizeAttribute(policy))]), "test");
}
