using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Tests.Privacy;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Postgres;

/// <summary>A backup of a running cluster, and what can be made of it when the cluster is lost.</summary>
public sealed class BackupTests
{
    private const string Database = "ecommerce";

    [Fact]
    public async Task A_lost_cluster_is_restored_to_a_moment_to_an_event_or_whole_with_every_acknowledged_append_up_to_there()
    {
        using var lost = new ClusterDirectory();
        var folder = FolderIn(lost);
        var server = await lost.StartAsync();
        await server.CreateDatabaseIfMissingAsync(Database);
        DateTimeOffset moment;
        await using (var database = await TestDatabase.AttachAsync(server.ConnectionString(Database)))
        {
            await AppendAsync(database, 40);
            (await BackupAsync(server, folder)).IsNewBase.ShouldBeTrue();
            await AppendAsync(database, 30);
            moment = new DateTimeOffset(await database.ScalarAsync<DateTime>("select clock_timestamp()"));
            await AppendAsync(database, 20);
            (await BackupAsync(server, folder)).IsNewBase.ShouldBeFalse();
            await AppendAsync(database, 10);
        }

        await lost.KillServerAsync();
        await server.DisposeAsync();
        Directory.Delete(lost.DataDirectory, recursive: true);

        (await RestoreAsync(lost, folder, new RestoreTarget(moment))).ShouldBe((70L, 70L));
        (await RestoreAsync(lost, folder, new RestoreTarget(Position: 77), isForced: true)).ShouldBe((77L, 77L));
        (await RestoreAsync(lost, folder, new RestoreTarget(folder.Require().ReachesTo), isForced: true)).ShouldBe((90L, 90L));
        (await RestoreAsync(lost, folder, new RestoreTarget(), isForced: true)).ShouldBe((90L, 90L));
        Directory.EnumerateDirectories(lost.Root, "postgres.before-*").ShouldNotBeEmpty();
        Directory.Exists(lost.DataDirectory + ".restoring").ShouldBeFalse();
    }

    [Fact]
    public async Task What_cannot_be_backed_up_or_restored_is_told_in_one_line_and_changes_nothing()
    {
        using var directory = new ClusterDirectory();
        using var other = new ClusterDirectory();
        var folder = FolderIn(directory);
        (await RefusedAsync(() => RestoreAsync(directory, folder, new RestoreTarget()))).ShouldContain("holds no complete backup");
        await using var server = await directory.StartAsync();
        await using var stranger = await other.StartAsync();
        await server.CreateDatabaseIfMissingAsync(Database);
        await using (var database = await TestDatabase.AttachAsync(server.ConnectionString(Database))) await AppendAsync(database, 5);
        await BackupAsync(server, folder);

        (await RefusedAsync(() => BackupAsync(stranger, folder))).ShouldContain("another cluster");
        (await RefusedAsync(() => RestoreAsync(directory, folder, new RestoreTarget()))).ShouldContain("--force");
        (await RefusedAsync(() => RestoreAsync(directory, folder, new RestoreTarget(), isForced: true))).ShouldContain("in use");
        (await RefusedAsync(() => RestoreAsync(other, folder, new RestoreTarget(DateTimeOffset.UnixEpoch)))).ShouldContain("can be restored to a moment from");
        using var elsewhere = new ClusterDirectory();
        (await RefusedAsync(() => RestoreAsync(elsewhere, folder, new RestoreTarget(Position: 3)))).ShouldContain("lies in the base backup");
        (await RefusedAsync(() => RestoreAsync(elsewhere, folder, new RestoreTarget(Position: 99)))).ShouldContain("no event at position 99");
        Directory.Exists(elsewhere.DataDirectory).ShouldBeFalse();

        await ClusterDirectory.ScalarAsync(server, $"select pg_drop_replication_slot('{folder.Require().Slot}')::text");
        (await RefusedAsync(() => BackupAsync(server, folder))).ShouldContain("run `backup --full`");
        (await new EmbeddedPostgresBackup(server.ConnectionString(Database), folder).RunAsync(isFull: true)).IsNewBase.ShouldBeTrue();
        var damaged = Directory.EnumerateFiles(Path.Combine(folder.Base, "base"), "2*", SearchOption.AllDirectories).First(file => new FileInfo(file).Length > 0);
        await using (var file = File.OpenWrite(damaged)) file.WriteByte(255);
        (await RefusedAsync(() => RestoreAsync(elsewhere, folder, new RestoreTarget()))).ShouldContain("pg_verifybackup failed");
        Directory.Delete(folder.Wal, recursive: true);
        (await RefusedAsync(() => RestoreAsync(elsewhere, folder, new RestoreTarget()))).ShouldContain("incomplete");
    }

    [Fact]
    public async Task No_byte_of_a_forgotten_subjects_key_is_in_a_new_backup_neither_in_its_tables_nor_in_its_log()
    {
        using var directory = new ClusterDirectory();
        var folder = FolderIn(directory);
        // Page images in the log are compressed otherwise, and what is compressed cannot be searched for.
        await using var server = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { DataDirectory = directory.DataDirectory, Settings = new Dictionary<string, string> { ["wal_compression"] = "off" } });
        await server.CreateDatabaseIfMissingAsync(Database);
        await using var store = await EventStore.OpenAsync(server.ConnectionString(Database), MemberEvents.Types);
        foreach (var member in (string[])["m1", "m2"])
            (await store.AppendAsync($"member-{member}", ExpectedVersion.Any, [MemberEvents.Ada with { MemberId = member }])).ShouldBeOfType<AppendResult.Appended>();
        byte[] forgotten = await ReadKeyAsync("member/m1"), kept = await ReadKeyAsync("member/m2");
        await BackupAsync(server, folder);
        Holds(folder.Base, forgotten).ShouldBeTrue("so that the search can find one");

        await store.Keys.DestroyAsync("member", "m1");
        await Wait.UntilAsync(() => new Forgetting(store, []).ScrubAsync(), "the scrub");
        Holds(Path.Combine(directory.DataDirectory, "pg_wal"), forgotten).ShouldBeTrue("the server's own log still holds it");
        await new EmbeddedPostgresBackup(server.ConnectionString(Database), folder).RunAsync(isFull: true);
        await BackupAsync(server, folder);

        Directory.EnumerateFiles(folder.Wal).ShouldNotBeEmpty();
        Holds(folder.Directory, forgotten).ShouldBeFalse();
        Holds(folder.Base, kept).ShouldBeTrue();

        async Task<byte[]> ReadKeyAsync(string id) =>
            (byte[])(await ClusterDirectory.ScalarAsync(server, $"select key from bookkeeping.subject_keys where id = '{id}'", Database))!;
    }

    [Fact]
    public async Task Without_a_backup_the_server_keeps_no_slot_and_a_new_base_backup_drops_the_old_ones()
    {
        using var directory = new ClusterDirectory();
        await using var server = await directory.StartAsync();
        const string Slots = "select count(*) from pg_replication_slots";
        (await ClusterDirectory.ScalarAsync(server, Slots)).ShouldBe(0L);
        var folder = FolderIn(directory);
        await BackupAsync(server, folder);
        await new EmbeddedPostgresBackup(server.ConnectionString("postgres"), folder).RunAsync(isFull: true);
        (await ClusterDirectory.ScalarAsync(server, Slots)).ShouldBe(1L);
    }

    private static EmbeddedPostgresBackupFolder FolderIn(ClusterDirectory directory) => new(Path.Combine(directory.Root, "backup"));

    private static Task<BackupResult> BackupAsync(EmbeddedPostgres server, EmbeddedPostgresBackupFolder folder) =>
        new EmbeddedPostgresBackup(server.ConnectionString("postgres"), folder).RunAsync();

    /// <summary>Restores, and says how many events there are and what the last position is.</summary>
    private static async Task<(long Events, long Last)> RestoreAsync(
        ClusterDirectory directory, EmbeddedPostgresBackupFolder folder, RestoreTarget target, bool isForced = false)
    {
        await new EmbeddedPostgresRestore(folder, directory.DataDirectory).RunAsync(target, Database, isForced);
        await using var server = await directory.StartAsync();
        await using var database = await TestDatabase.AttachAsync(server.ConnectionString(Database));
        var found = (await database.CountEventsAsync(), await database.Store.HighWater.ReadAsync());
        // It is a store like any other: it takes appends.
        await AppendAsync(database, 1);
        return found;
    }

    private static async Task<string> RefusedAsync(Func<Task> act)
    {
        var message = (await Should.ThrowAsync<EmbeddedPostgresException>(act)).Message;
        message.ShouldNotContain("\n");
        return message;
    }

    /// <summary>One after the other, so that positions follow the order of commits.</summary>
    private static async Task AppendAsync(TestDatabase database, int events)
    {
        for (var i = 0; i < events; i++)
            (await database.Store.AppendAsync($"s-{i % 5}", ExpectedVersion.Any, [new Counted()])).ShouldBeOfType<AppendResult.Appended>();
    }

    private static bool Holds(string directory, byte[] bytes) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0);
}
