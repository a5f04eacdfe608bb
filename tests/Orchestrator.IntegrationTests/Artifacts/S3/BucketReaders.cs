using System.Diagnostics;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>What people read a bucket with when we are not there: the AWS command line and rclone. scripts/test installs both.</summary>
internal static class BucketReaders
{
    public static bool AreThere { get; } =
        Environment.GetEnvironmentVariable("CI") == "true" || (File.Exists("/usr/bin/aws") && File.Exists("/usr/bin/rclone"));

    /// <summary>All below a key, copied by each of them into a folder of its own.</summary>
    /// <returns>The folders.</returns>
    public static async Task<string[]> CopyAsync(Uri endpoint, string bucket, string prefix, string into)
    {
        var url = endpoint.AbsoluteUri.TrimEnd('/');
        string[] copies = [Path.Combine(into, "aws"), Path.Combine(into, "rclone")];
        await RunAsync("/usr/bin/aws", "--endpoint-url", url, "s3", "cp", "--recursive", "--only-show-errors", $"s3://{bucket}/{prefix}", copies[0]);
        await RunAsync("/usr/bin/rclone", "copy", "--s3-provider", "Ceph", "--s3-env-auth", "--s3-endpoint", url, "--s3-region", "us-east-1", $":s3:{bucket}/{prefix}", copies[1]);
        return copies;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AWS_ACCESS_KEY_ID"] = CephNode.KeyId;
        start.Environment["AWS_SECRET_ACCESS_KEY"] = CephNode.Secret;
        start.Environment["AWS_DEFAULT_REGION"] = "us-east-1";
        start.Environment["LANG"] = "C.UTF-8";
        // Whatever the person who runs the tests has set up for stores of their own.
        start.Environment["AWS_CONFIG_FILE"] = start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = start.Environment["RCLONE_CONFIG"] = "/dev/null";
        foreach (var name in (string[])["AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "HTTP_PROXY", "http_proxy"])
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await output}{await errors}");
        }
    }
}
