using EcommerceAI.Replay.Tests.Import;
using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.Backup;

/// <summary>Backup and restore as an operator does it, on a private cluster.</summary>
public sealed class BackupVerbTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ecommerceai-backup-");

    [Fact]
    public async Task A_backup_restores_into_a_new_folder_and_is_verified_with_its_read_models_and_its_chain()
    {
        var (live, restored, backup) = (Below("live"), Below("restored"), Below("backup"));
        await SucceedAsync("import", "online-retail", ImportedStore.GenerateYear(seed: 5, lines: 300), "--data-directory", live);
        await SucceedAsync("seal", "--data-directory", live);
        (await SucceedAsync("backup", "--to", backup, "--data-directory", live)).Output.ShouldContain("Base backup");
        (await SucceedAsync("backup", "--to", backup, "--data-directory", live)).Output.ShouldStartWith("Log in");

        var result = await SucceedAsync("restore", "--from", backup, "--data-directory", restored);
        result.Output.ShouldContain("Intact");
        result.Output.ShouldContain("Verified: the log up to position");
        var again = await ReplayProcess.RunAsync("restore", "--from", backup, "--data-directory", restored);
        again.ExitCode.ShouldBe(1);
        again.Errors.TrimEnd().ShouldNotContain("\n");
        again.Errors.ShouldContain("--force");
        (await SucceedAsync("export", "-", "--data-directory", restored)).Output
            .ShouldBe((await SucceedAsync("export", "-", "--data-directory", live)).Output);
        Directory.EnumerateFiles(backup, "key.pem", SearchOption.AllDirectories).ShouldBeEmpty("the signing key is no part of a backup");
    }

    [Theory]
    [InlineData("--to-moment", "2026-01-01")]
    [InlineData("--to-moment", "2026-01-01T00:00:00Z", "--to-position", "3")]
    [InlineData("--connection", "Host=somewhere")]
    public async Task A_restore_that_makes_no_sense_ends_with_code_2(params string[] arguments)
    {
        var result = await ReplayProcess.RunAsync(["restore", "--from", Below("backup"), .. arguments]);
        result.ExitCode.ShouldBe(2, result.ToString());
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static async Task<ReplayResult> SucceedAsync(params string[] arguments)
    {
        var result = await ReplayProcess.RunAsync(arguments);
        result.ExitCode.ShouldBe(0, result.ToString());
        return result;
    }

    private string Below(string name) => Path.Combine(_root.FullName, name);
}
