using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Amazon.Runtime;
using Amazon.S3;
using Orchestrator.Engine.Observing.Network;

namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>Makes the SDK's client as one store wants it.</summary>
internal static class S3ClientFactory
{
    /// <summary>Between bytes of an answer's beginning; a body may take longer.</summary>
    private static readonly TimeSpan _answer = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _connect = TimeSpan.FromSeconds(10);

    internal static AmazonS3Client Create(S3Settings store, AWSCredentials credentials, OwnNetwork? network)
    {
        var dialect = store.Dialect;
        var configuration = new AmazonS3Config
        {
            ForcePathStyle = dialect.PathStyle,
            RequestChecksumCalculation = dialect.Checksums ? RequestChecksumCalculation.WHEN_SUPPORTED : RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = dialect.Checksums ? ResponseChecksumValidation.WHEN_SUPPORTED : ResponseChecksumValidation.WHEN_REQUIRED,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 3,
            Timeout = _answer,
            HttpClientFactory = new Http(store, network),
            // Proxies for the store are set like everybody's, by HTTPS_PROXY; nothing else of the environment changes what we do.
            IgnoreConfiguredEndpointUrls = true,
            DisableRequestCompression = true,
        };
        if (store.Endpoint is { } endpoint)
        {
            configuration.ServiceURL = endpoint.AbsoluteUri;
            configuration.AuthenticationRegion = store.Region;
        }
        else
        {
            configuration.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(store.Region);
        }

        return new(credentials, configuration);
    }

    /// <summary>For signed URLs, with the same trust.</summary>
    internal static HttpClient CreateHttp(S3Settings store, OwnNetwork? network = null) =>
        new(network is null ? Handler(store) : new AnswersNoted(network, Handler(store))) { Timeout = _answer };

    private static SocketsHttpHandler Handler(S3Settings store) => new()
    {
        ConnectTimeout = _connect,
        // A proxy is for the way out; what runs on this machine is reached directly.
        UseProxy = store.Endpoint is not { IsLoopback: true },
        UseCookies = false,
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        SslOptions = store.CaFile is { } file ? Trusting(store, file) : new(),
    };

    private static SslClientAuthenticationOptions Trusting(S3Settings store, string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new StoreException(StoreErrorKind.Tls, $"store {store.Name}: the certificate authority in {file} cannot be read: {error.Message}", error);
        }

        return policy.CustomTrustStore.Count > 0
            ? new() { CertificateChainPolicy = policy }
            : throw new StoreException(StoreErrorKind.Tls, $"store {store.Name}: {file} holds no certificate; it must be PEM");
    }

    private sealed class Http(S3Settings store, OwnNetwork? network) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => CreateHttp(store, network);

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

        public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
    }
}
