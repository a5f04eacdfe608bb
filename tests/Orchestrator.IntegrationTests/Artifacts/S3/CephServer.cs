using Orchestrator.Engine.Artifacts.S3;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>The S3 server that the tests share; nothing where <see cref="Variable"/> names no folder, since then they are skipped.</summary>
public class CephServer : IAsyncLifetime
{
    public const string Variable = "ORCHESTRATOR_CEPH";
    public const string Why = "needs an S3 server: scripts/lib/ceph-fetch.sh FOLDER, then ORCHESTRATOR_CEPH=FOLDER (scripts/test does both)";
    public const string Bucket = "conformance";

    private readonly string _variable;
    private CephNode? _node;
    private DirectoryInfo? _keys;

    // xUnit makes a fixture only where it finds a single public constructor.
    public CephServer()
        : this(Variable)
    {
    }

    protected CephServer(string variable) => _variable = variable;

    public CephNode Node => _node ?? throw new InvalidOperationException("not started");

    public async Task InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable(_variable) is not { Length: > 0 } folder)
        {
            return;
        }

        _keys = Directory.CreateTempSubdirectory("orc-keys-");
        _node = await CephNode.StartAsync(folder);
        await MakeBucketAsync(Bucket);
    }

    /// <summary>A file with keys, for its owner only.</summary>
    public string KeyFile(string id = CephNode.KeyId, string secret = CephNode.Secret)
    {
        var path = Path.Combine(_keys!.FullName, Guid.NewGuid().ToString("N"));
        WriteKeys(path, id, secret);
        return path;
    }

    public static void WriteKeys(string path, string id, string secret)
    {
        var made = path + ".new";
        using (var file = new FileStream(made, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes($"[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"));
        }

        File.Move(made, path, overwrite: true);
    }

    public S3Settings Settings(S3Dialect? dialect = null, string bucket = Bucket, string? keys = null, Uri? endpoint = null) => new()
    {
        Name = "test",
        Bucket = bucket,
        Endpoint = endpoint ?? Node.Endpoint,
        Dialect = dialect ?? S3Dialect.Ceph,
        Credentials = new S3CredentialSource.FromFile(keys ?? KeyFile()),
    };

    public static S3Store Open(S3Settings settings) => new(settings, _ => Task.FromResult<string?>(null), TimeProvider.System);

    public async Task MakeBucketAsync(string name)
    {
        using var client = new Amazon.S3.AmazonS3Client(CephNode.KeyId, CephNode.Secret, new Amazon.S3.AmazonS3Config { ServiceURL = Node.Endpoint.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        await client.PutBucketAsync(name);
    }

    public async Task DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        _keys?.Delete(recursive: true);
    }
}
