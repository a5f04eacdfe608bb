using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Engine.Backups;
using Orchestrator.Engine.Configuration;
using Xunit;

namespace Orchestrator.Tests.Backups;

/// <summary>Archives that are not what they should be, and what becomes of a data folder.</summary>
public sealed class BackupArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-backup-").FullName;

    private string File1 => Path.Combine(_folder, "backup.zip");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task One_that_is_whole_is_accepted()
    {
        Write(("token", "secret"));
        using var archive = BackupArchive.Open(File1);

        await archive.VerifyAsync(default);

        Assert.Equal("secret", Encoding.UTF8.GetString(archive.File("token")));
    }

    [Fact]
    public void One_that_was_cut_off_is_refused_wherever_it_was_cut()
    {
        Write(("token", "secret"), ("secrets.key", new string('k', 5_000)));
        var whole = File.ReadAllBytes(File1);
        for (var length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(File1, whole[..length]);
            Assert.Contains("cut off", Assert.Throws<BackupException>(() => BackupArchive.Open(File1).Dispose()).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Content_that_is_not_what_was_written_is_refused()
    {
        Write(("token", "secret"));
        using (var zip = ZipFile.Open(File1, ZipArchiveMode.Update))
        {
            zip.GetEntry("folder/token")!.Delete();
            await using var entry = zip.CreateEntry("folder/token").Open();
            await entry.WriteAsync("Secret"u8.ToArray());
        }

        using var archive = BackupArchive.Open(File1);
        Assert.Contains("folder/token: its content is not what was written", (await Assert.ThrowsAsync<BackupException>(() => archive.VerifyAsync(default))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"format": 2, "version": "9.1"}""", "made by orchestrator 9.1 in the format 2")]
    [InlineData("""{"format": 1}""", "cannot be read")]
    [InlineData("[]", "cannot be read")]
    [InlineData("not json", "cannot be read")]
    public void A_manifest_of_another_kind_is_refused_in_words(string manifest, string words)
    {
        using (var zip = ZipFile.Open(File1, ZipArchiveMode.Create))
        {
            using var entry = zip.CreateEntry("manifest.json").Open();
            entry.Write(Encoding.UTF8.GetBytes(manifest));
        }

        Assert.Contains(words, Assert.Throws<BackupException>(() => BackupArchive.Open(File1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_backup_or_not_there_is_refused()
    {
        File.WriteAllText(File1, "PGDMP and so on");
        Assert.Contains("is no backup", Assert.Throws<BackupException>(() => BackupArchive.Open(File1)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<BackupException>(() => BackupArchive.Open(File1 + ".not")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_a_newer_version_is_refused_before_any_database_is_asked()
    {
        Write(["0001_initial", "9999_later"]);
        using var archive = BackupArchive.Open(File1);

        var refused = await Assert.ThrowsAsync<BackupException>(() => DatabaseRestore.RunAsync(archive, "Host=/nowhere", force: false, default));

        Assert.Contains("9999_later", refused.Message, StringComparison.Ordinal);
        Assert.Contains("that version or a later one", refused.WhatToDo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../token")]
    [InlineData("templates/../../token")]
    [InlineData("templates//etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("pg/data/PG_VERSION")]
    public void A_name_that_leads_elsewhere_is_not_laid_down(string name)
    {
        Write((name, "x"));
        var data = DataFolder.Create(Path.Combine(_folder, "data"));
        using var archive = BackupArchive.Open(File1);

        Assert.Throws<BackupException>(() => RestoredFiles.Stage(archive, data, withConfiguration: true, force: true));

        Assert.False(Directory.Exists(Path.Combine(data.Run, "restore.unfinished")));
    }

    [Fact]
    public void Files_come_to_their_places_for_their_owner_only_and_what_they_replace_is_kept()
    {
        Write(("token", "new"), ("orchestrator.yaml", "theirs"), ("templates/mine/job.yaml", "run: x"));
        var data = DataFolder.Create(Path.Combine(_folder, "data"));
        File.WriteAllText(data.TokenFile, "old");
        File.WriteAllText(Path.Combine(data.Root, "orchestrator.yaml"), "mine");
        using var archive = BackupArchive.Open(File1);
        using var files = RestoredFiles.Stage(archive, data, withConfiguration: false, force: false);
        Assert.Equal("old", File.ReadAllText(data.TokenFile));
        Assert.Null(files.Configuration);

        files.Place(DateTimeOffset.UnixEpoch);

        Assert.Equal("new", File.ReadAllText(data.TokenFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.TokenFile));
        Assert.Equal("old", File.ReadAllText(Path.Combine(files.Replaced!, "token")));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(data.Root, "orchestrator.yaml")));
        Assert.Equal("run: x", File.ReadAllText(Path.Combine(data.Templates, "mine/job.yaml")));
    }

    [Theory]
    [InlineData("aaaaaaaa", "", "aaaaaaaa", null)]
    [InlineData("bbbbbbbb", "aaaaaaaa", "bbbbbbbb", null)]
    [InlineData("cccccccc", "", null, "the data folder of another installation (cccccccc, the backup is of aaaaaaaa)")]
    public void What_the_folder_knows_of_launches_beyond_the_backup_is_kept(string epoch, string former, string? expected, string? refusal)
    {
        Write(("installation.json", Record("aaaaaaaa", "", attempt: 1)));
        var data = DataFolder.Create(Path.Combine(_folder, "data"));
        File.WriteAllText(data.InstallationFile, Record(epoch, former, attempt: 3));
        using var archive = BackupArchive.Open(File1);
        if (refusal is not null)
        {
            var refused = Assert.Throws<BackupException>(() => RestoredFiles.Stage(archive, data, withConfiguration: false, force: false));
            Assert.True(refused.NeedsForce);
            Assert.Contains(refusal, refused.Message, StringComparison.Ordinal);
            return;
        }

        using var files = RestoredFiles.Stage(archive, data, withConfiguration: false, force: false);
        files.Place(DateTimeOffset.UnixEpoch);

        Assert.Contains($"\"epoch\": \"{expected}\"", File.ReadAllText(data.InstallationFile), StringComparison.Ordinal);
        Assert.Contains("\"1\": 3", File.ReadAllText(data.InstallationFile), StringComparison.Ordinal);
    }

    private static string Record(string epoch, string former, int attempt) =>
        $$"""{"epoch": "{{epoch}}", "former": [{{(former.Length > 0 ? $"\"{former}\"" : "")}}], "jobs": {"1": {{attempt}}}, "updatedAt": "2026-11-28T10:00:00+00:00"}""";

    private void Write(params (string Name, string Content)[] files) => Write([], files);

    private void Write(ImmutableArray<string> migrations, params (string Name, string Content)[] files)
    {
        using var zip = ZipFile.Open(File1, ZipArchiveMode.Create);
        foreach (var (name, content) in files)
        {
            using var entry = zip.CreateEntry("folder/" + name).Open();
            entry.Write(Encoding.UTF8.GetBytes(content));
        }

        using var manifest = zip.CreateEntry("manifest.json").Open();
        manifest.Write(BackupJson.Write(new()
        {
            Format = BackupManifest.CurrentFormat,
            Version = "0.1",
            At = DateTimeOffset.UnixEpoch,
            Epoch = "aaaaaaaa",
            Postgres = "15.1",
            Migrations = migrations,
            Tables = [],
            Sequences = ImmutableSortedDictionary<string, long>.Empty,
            Files = [.. files.Select(file => new BackupFile(file.Name, file.Content.Length, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Content)))))],
        }));
    }
}
