using System.Runtime.InteropServices;

namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>Turns what a file system says into the store's closed set, with what a person can do about it.</summary>
internal static class FolderErrors
{
    private const int NoSpace = 28;
    private const int OverQuota = 122;
    private const int FileTooBig = 27;
    private const int ReadOnlyFileSystem = 30;
    private const int NameTooLong = 36;
    private const int NotAFolder = 20;
    private const int IsAFolder = 21;
    private const int DiskFullOfWindowsNumbering = unchecked((int)0x80070070);

    internal static StoreException From(Exception error, string root, string key) => error switch
    {
        StoreException known => known,
        FileNotFoundException or DirectoryNotFoundException => NotFound(key, error),
        UnauthorizedAccessException => new(StoreErrorKind.Denied, $"no permission for {StoreKeys.Shown(key)} in the store folder {root}; check its owner and mode", error),
        PathTooLongException => new(StoreErrorKind.Invalid, $"{StoreKeys.Shown(key)} is too long for the file system of {root}", error),
        _ => From(error.HResult, root, key, error),
    };

    internal static StoreException From(int errorNumber, string root, string key, Exception? inner = null) => errorNumber switch
    {
        FolderCalls.NoEntry => NotFound(key, inner),
        FolderCalls.Exists => Exists(key),
        NoSpace or OverQuota or DiskFullOfWindowsNumbering => new(StoreErrorKind.Full, $"no space left in the store folder {root}; free some there or give the store another folder", inner),
        FileTooBig => new(StoreErrorKind.Full, $"{StoreKeys.Shown(key)} is larger than the file system of {root} allows", inner),
        ReadOnlyFileSystem => new(StoreErrorKind.Denied, $"the store folder {root} is mounted read-only", inner),
        NameTooLong => new(StoreErrorKind.Invalid, $"{StoreKeys.Shown(key)} is too long for the file system of {root}", inner),
        NotAFolder or IsAFolder => Blocked(key, inner),
        _ => new(StoreErrorKind.Transient, $"{StoreKeys.Shown(key)} in the store folder {root}: {inner?.Message ?? Marshal.GetPInvokeErrorMessage(errorNumber)}", inner),
    };

    internal static StoreException NotFound(string key, Exception? inner = null) =>
        new(StoreErrorKind.NotFound, $"{StoreKeys.Shown(key)} is not in the store", inner);

    internal static StoreException Exists(string key) =>
        new(StoreErrorKind.Exists, $"{StoreKeys.Shown(key)} is in the store already; keys are written once");

    internal static StoreException Blocked(string key, Exception? inner = null) =>
        new(StoreErrorKind.Invalid, $"{StoreKeys.Shown(key)} cannot be stored in a folder: part of its path is a file, or it names a folder", inner);

    internal static StoreException NoUpload(string key, string uploadId) =>
        new(StoreErrorKind.NotFound, $"no unfinished upload {StoreKeys.Shown(uploadId)} of {StoreKeys.Shown(key)}; it was completed or aborted");
}
