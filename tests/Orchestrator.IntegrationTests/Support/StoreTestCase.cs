using Xunit.Abstractions;
using Xunit.Sdk;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>One test of an inherited suite in one of the classes that inherit it.</summary>
public sealed class StoreTestCase : XunitTestCase
{
    [Obsolete("for the runner only")]
    public StoreTestCase()
    {
    }

    public StoreTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsAttribute)).FirstOrDefault() is { } needs
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(needs.GetConstructorArguments().OfType<string>().First()))
            ? needs.GetConstructorArguments().OfType<string>().Last()
            : base.GetSkipReason(factAttribute);
}
