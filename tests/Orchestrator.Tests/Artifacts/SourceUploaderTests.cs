using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

public sealed class SourceUploaderTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orchestrator-code-");
    private readonly SourceUploader _uploader;

    public SourceUploaderTests() => _uploader = new(_temporary.Store);

    public void Dispose()
    {
        _temporary.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_folder_is_stored_by_content_and_never_sent_twice()
    {
        Write("train.py", "print(1)");
        Write("lib/same.py", "print(1)");
        Write("empty", "");
        File.SetUnixFileMode(At("train.py"), (UnixFileMode)0b111_101_101);

        var first = await UploadAsync();
        var second = await UploadAsync();

        var files = Assert.Single(first.Sources).Files;
        Assert.Equal(["empty", "lib/same.py", "train.py"], files.Select(f => f.Path));
        Assert.Equal(files[1].Key, files[2].Key);
        Assert.Equal(0b111_101_101, files[2].Mode);
        Assert.StartsWith("sources/" + files[2].Hash, files[2].Key, StringComparison.Ordinal);
        Assert.Equal(files[2].Hash, (await _temporary.Store.HeadAsync(files[2].Key, default))!.Hash);
        Assert.InRange(first.Uploaded, 2, 3);
        Assert.Equal(0, second.Uploaded);
        Assert.Equal(first.Digest, second.Digest);
        Write("empty", "changed");
        Assert.NotEqual(first.Digest, (await UploadAsync()).Digest);
    }

    [Fact]
    public async Task One_file_is_a_source_with_an_empty_path()
    {
        Write("data.bin", "123");

        var upload = await _uploader.UploadAsync([new(At("data.bin"), "/data/x.bin", [], [], false)], default);

        var source = Assert.Single(upload.Sources);
        Assert.Equal("/data/x.bin", source.To);
        Assert.Equal("", Assert.Single(source.Files).Path);
    }

    [Fact]
    public async Task Gitignore_files_are_honoured_as_git_does()
    {
        Write(".gitignore", "# comment\n*.log\n!keep.log\n/build\nlogs/\nsub/*.tmp\n**/cache/**\nfoo[0-9].txt\nspace\\ \n\\#odd\nreopened/*\n!reopened/in\n");
        Write("nested/.gitignore", "!special.log\n/local\n");
        string[] ignored = ["a.log", "nested/b.log", "build/x", "logs/x", "nested/logs/y", "sub/t.tmp", "deep/cache/x/y", "foo1.txt", "space ", "#odd", "nested/local", ".git/config", "reopened/out"];
        string[] kept = ["keep.log", "nested/build/x", "nested/sub/t.tmp", "sub/deeper/t.tmp", "foox.txt", "nested/special.log", "nested/deeper/local", "logs.txt", "reopened/in", "cache"];
        foreach (var path in ignored.Concat(kept))
        {
            Write(path, path);
        }

        Assert.Equal(kept.Concat([".gitignore", "nested/.gitignore"]).Order(StringComparer.Ordinal), (await PathsAsync(gitignore: true)).Order(StringComparer.Ordinal));
        Assert.Contains("a.log", await PathsAsync(gitignore: false));
    }

    [Fact]
    public async Task Gitignore_files_above_the_folder_count_up_to_the_repositorys_root()
    {
        Write(".git/info/exclude", "*.secret\n");
        Write(".gitignore", "/project/out\n");
        Write("project/out/x", "1");
        Write("project/a.secret", "1");
        Write("project/b", "1");

        var upload = await _uploader.UploadAsync([new(At("project"), "/workspace", [], [], true)], default);

        Assert.Equal(["b"], Assert.Single(upload.Sources).Files.Select(f => f.Path));
    }

    [Fact]
    public async Task Include_and_exclude_choose_files()
    {
        foreach (var path in (string[])["a.jpg", "deep/b.jpg", "deep/c.txt", "raw/d.bin", "raw/skip/e.bin"])
        {
            Write(path, path);
        }

        Assert.Equal(["a.jpg", "deep/b.jpg", "raw/d.bin"], await PathsAsync(include: ["*.jpg", "raw/"], exclude: ["skip"]));
    }

    [Fact]
    public async Task Links_are_followed_inside_the_folder_and_refused_elsewhere()
    {
        Write("real/x", "1");
        File.CreateSymbolicLink(At("link"), "real/x");
        Directory.CreateSymbolicLink(At("linked"), "real");
        Assert.Equal(["link", "linked/x", "real/x"], await PathsAsync());

        File.CreateSymbolicLink(At("outside"), "/etc/hostname");
        File.CreateSymbolicLink(At("broken"), "nowhere");
        Directory.CreateSymbolicLink(At("real/loop"), "..");
        var upload = await UploadAsync();

        Assert.Empty(upload.Sources);
        Assert.Contains(upload.Problems, p => p.Contains("outside: the link leads out", StringComparison.Ordinal));
        Assert.Contains(upload.Problems, p => p.Contains("broken: the link points nowhere", StringComparison.Ordinal));
        Assert.Contains(upload.Problems, p => p.Contains("loop: the link leads back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_source_and_too_many_files_are_told_and_nothing_is_sent()
    {
        Write("a", "1");
        Write("b", "2");

        var missing = await _uploader.UploadAsync([new(At("nothing"), "/x", [], [], false), new(_folder.FullName, "/y", [], [], false)], default);
        var many = await new SourceUploader(_temporary.Store) { MaxFiles = 1 }.UploadAsync([new(_folder.FullName, "/y", [], [], false)], default);

        Assert.EndsWith("nothing: no such file or folder", Assert.Single(missing.Problems), StringComparison.Ordinal);
        Assert.StartsWith("more than 1 files", Assert.Single(many.Problems), StringComparison.Ordinal);
        Assert.Empty(await _temporary.KeysAsync(""));
    }

    [Fact]
    public async Task A_damaged_object_in_the_store_is_replaced()
    {
        Write("a", "content");
        var key = Assert.Single(Assert.Single((await UploadAsync()).Sources).Files).Key;
        await File.WriteAllTextAsync(Path.Combine(_temporary.Folder, key), "short");

        Assert.Equal(1, (await UploadAsync()).Uploaded);
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(_temporary.Folder, key)));
    }

    private string At(string path) => Path.Combine(_folder.FullName, path);

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
    }

    private Task<SourceUpload> UploadAsync(bool gitignore = false, ImmutableArray<string> include = default, ImmutableArray<string> exclude = default) =>
        _uploader.UploadAsync([new(_folder.FullName, "/workspace", include, exclude, gitignore)], default);

    private async Task<IEnumerable<string>> PathsAsync(bool gitignore = false, ImmutableArray<string> include = default, ImmutableArray<string> exclude = default)
    {
        var upload = await UploadAsync(gitignore, include, exclude);
        Assert.Empty(upload.Problems);
        return Assert.Single(upload.Sources).Files.Select(f => f.Path);
    }
}
