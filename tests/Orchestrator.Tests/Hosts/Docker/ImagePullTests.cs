using System.Text.Json;
using Docker.DotNet.Models;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Engine.Hosts.Docker;
using Xunit;

namespace Orchestrator.Tests.Hosts.Docker;

public sealed class ImagePullTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Layers_and_bytes_are_counted_and_extracting_takes_nothing_back()
    {
        var pull = Pull(
            """{"status":"Pulling from acme/trainer","id":"1"}""",
            """{"status":"Pulling fs layer","progressDetail":{},"id":"a"}""",
            """{"status":"Pulling fs layer","progressDetail":{},"id":"b"}""",
            """{"status":"Already exists","progressDetail":{},"id":"c"}""",
            """{"status":"Downloading","progressDetail":{"current":1000000000,"total":3000000000},"progress":"[==> ]","id":"a"}""",
            """{"status":"Downloading","progressDetail":{"current":500000000,"total":1000000000},"id":"b"}""");
        Assert.Equal("pulling the image: 1 of 3 layers, 1.5 of 4.0 GB", pull.Words);
        Assert.False(pull.IsUnpacking);

        Tell(pull, """{"status":"Download complete","progressDetail":{},"id":"a"}""", """{"status":"Extracting","progressDetail":{"current":1,"total":3000000000},"id":"a"}""");
        Assert.Equal("pulling the image: 1 of 3 layers, 3.5 of 4.0 GB", pull.Words);

        Tell(pull, """{"status":"Pull complete","progressDetail":{},"id":"a"}""");
        Assert.Equal("pulling the image: 2 of 3 layers, 3.5 of 4.0 GB", pull.Words);
        Assert.False(pull.IsUnpacking);
        Assert.Null(pull.Error);

        Tell(pull, """{"status":"Download complete","progressDetail":{},"id":"b"}""");
        Assert.True(pull.IsUnpacking);
    }

    [Fact]
    public void An_error_in_the_middle_of_the_stream_is_an_error()
    {
        var pull = Pull(
            """{"status":"Downloading","progressDetail":{"current":1,"total":3},"id":"a"}""",
            """{"errorDetail":{"message":"write /x: no space left on device"},"error":"write /x: no space left on device"}""",
            """{"status":"Downloading","progressDetail":{"current":2,"total":3},"id":"a"}""");

        Assert.Equal("write /x: no space left on device", pull.Error);
    }

    [Fact]
    public void A_stream_that_repeats_itself_stands_still()
    {
        const string Same = """{"status":"Downloading","progressDetail":{"current":1,"total":3},"id":"a"}""";
        var pull = Pull(Same);
        _time.Advance(TimeSpan.FromMinutes(3));
        Tell(pull, Same, """{"status":"Status: waiting"}""");
        Assert.Equal(TimeSpan.FromMinutes(3), pull.StandsStill);

        Tell(pull, """{"status":"Downloading","progressDetail":{"current":2,"total":3},"id":"a"}""");
        Assert.Equal(TimeSpan.Zero, pull.StandsStill);
    }

    [Fact]
    public void Layers_without_end_are_not_remembered_without_end()
    {
        var pull = Pull([.. Enumerable.Range(0, 5000).Select(number => $$"""{"status":"Waiting","progressDetail":{},"id":"{{number}}"}""")]);

        Assert.Contains("of 1000 layers", pull.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_without_end_are_not_remembered()
    {
        var endless = new string('x', 1000);

        var pull = Pull($$"""{"status":"Waiting","id":"{{endless}}"}""", $$"""{"status":"{{endless}}","id":"a"}""");

        Assert.Equal("pulling the image", pull.Words);
    }

    private ImagePull Pull(params string[] lines)
    {
        var pull = new ImagePull(_time);
        Tell(pull, lines);
        return pull;
    }

    /// <summary>As the daemon writes them; the library reads with its own context, the names are the same.</summary>
    private static void Tell(ImagePull pull, params string[] lines)
    {
        foreach (var line in lines)
        {
            pull.Report(JsonSerializer.Deserialize<JSONMessage>(line)!);
        }
    }
}
