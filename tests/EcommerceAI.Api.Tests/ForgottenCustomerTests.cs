using System.Text;
using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Projections;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit.Abstractions;

namespace EcommerceAI.Api.Tests;

/// <summary>A forgotten customer is looked for in everything that the host has written.</summary>
public sealed class ForgottenCustomerTests(ApiFixture api, ITestOutputHelper output) : IClassFixture<ApiFixture>
{
    private const string Tables =
        "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('information_schema', 'pg_toast')";

    [Fact]
    public async Task No_byte_of_a_forgotten_customer_is_left_in_the_clear_and_totals_stay()
    {
        var person = Person.Create();
        var id = await RegisterAsync(person);
        var (sku, _) = await api.Client.CreateStockedProductAsync(10, 12.75m);
        var order = await api.Client.PostAsync(
            "/v1/orders", new { country = "Norway", lines = new[] { new { sku, quantity = 2 } }, customerId = id }, ("Idempotency-Key", $"order-{id}"));
        var orderId = (string)order.ShouldBe(HttpStatusCode.Created).Json["orderId"]!;
        var before = (await api.Client.GetAfterAsync($"/v1/customers/{id}/orders", order)).ShouldBe(HttpStatusCode.OK).Body;
        await FindInTablesAsync(person, ["storefront_customers"]);
        (await FindInFilesAsync(person, "events.%")).ShouldBeEmpty("the log holds nothing in the clear, before anybody is forgotten");
        var key = await api.QueryAsync<byte[]>($"select key from bookkeeping.subject_keys where id = 'customer/{id}'");

        // What the planner samples must not keep a person either.
        await using (var connection = await api.OpenConnectionAsync())
        await using (var analyze = new NpgsqlCommand("analyze", connection)) await analyze.ExecuteNonQueryAsync();
        var forgotten = await api.Client.PostAsync($"/v1/customers/{id}/forget", new { reference = "DSR-7" }, ("Idempotency-Key", $"forget-{id}"));

        forgotten.ShouldBe(HttpStatusCode.OK);
        (await api.QueryAsync<bool>($"select key is null from bookkeeping.subject_keys where id = 'customer/{id}'")).ShouldBeTrue();
        var profile = (await api.Client.GetAfterAsync($"/v1/customers/{id}", forgotten)).ShouldBe(HttpStatusCode.OK);
        new[] { "name", "email", "address" }.ShouldAllBe(field => profile.Json[field] == null);
        ((string?)profile.Json["forgottenAt"]).ShouldNotBeNull();
        (await api.Client.GetAfterAsync($"/v1/customers/{id}/orders", forgotten)).Body.ShouldBe(before);
        ((long)(await api.Client.GetAsync($"/v1/orders/{orderId}")).Json["summary"]!["total"]!["minor"]!).ShouldBe(2550);

        await ScrubAsync();
        await FindInTablesAsync(person, []);
        (await FindInFilesAsync(person, "%")).ShouldBeEmpty("no relation's file holds it, not even as a dead row");
        (await FindInFilesAsync(new Person(key), "%")).ShouldBeEmpty("nor the key");
        person.FindIn(await DumpAsync()).ShouldBeEmpty("a dump");
        output.WriteLine($"write-ahead log: {await CountInLogAsync(person)} segments hold the person, {await CountInLogAsync(new Person(key))} the key");
        await RebuildAndVerifyAsync();
        await FindInTablesAsync(person, []);
        (await api.Client.GetAsync($"/v1/customers/{id}/orders")).Body.ShouldBe(before);
    }

    [Fact]
    public async Task Forgetting_again_changes_nothing_and_repeats_its_answer()
    {
        var id = await RegisterAsync(Person.Create());
        var first = await api.Client.PostAsync($"/v1/customers/{id}/forget", new { }, ("Idempotency-Key", $"again-{id}"));
        var replay = await api.Client.PostAsync($"/v1/customers/{id}/forget", new { }, ("Idempotency-Key", $"again-{id}"));
        var again = await api.Client.PostAsync($"/v1/customers/{id}/forget", new { });

        (replay.IsReplay, replay.Body, replay.ETag).ShouldBe((true, first.Body, first.ETag));
        again.ShouldBe(HttpStatusCode.OK).ETag.ShouldBe("\"2\"");
        (await api.QueryAsync<long>($"select count(*) from events.mt_events where stream_id = 'customer-{id}'")).ShouldBe(2);
    }

    [Fact]
    public async Task A_key_whose_destruction_was_interrupted_is_destroyed_by_the_next_start()
    {
        var id = await RegisterAsync(Person.Create());
        await api.StopAsync();
        await using (var connection = await api.OpenConnectionAsync())
        await using (var command = new NpgsqlCommand(
            $$"""
            insert into events.mt_events (seq_id, id, stream_id, version, data, type, timestamp, is_archived)
            values (nextval('events.mt_events_sequence'), gen_random_uuid(), 'customer-{{id}}', 2, '{"customerId": "{{id}}", "reference": null}',
                    'customer_forgotten', now(), false);
            update events.mt_streams set version = 2 where id = 'customer-{{id}}'
            """,
            connection))
            await command.ExecuteNonQueryAsync();

        await api.StartAsync();

        await WaitAsync(() => api.QueryAsync<bool>($"select key is null from bookkeeping.subject_keys where id = 'customer/{id}'"));
    }

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (!await condition())
        {
            DateTime.UtcNow.ShouldBeLessThan(deadline);
            await Task.Delay(20);
        }
    }

    private async Task<string> RegisterAsync(Person person)
    {
        var reply = await api.Client.PostAsync(
            "/v1/customers", new { country = "Norway", name = person.Name, email = person.Email, address = person.Address }, ("Idempotency-Key", person.Mark));
        var id = (string)reply.ShouldBe(HttpStatusCode.Created).Json["customerId"]!;
        var profile = (await api.Client.GetAfterAsync($"/v1/customers/{id}", reply)).ShouldBe(HttpStatusCode.OK).Json;
        ((string?)profile["name"], (string?)profile["email"], (string?)profile["address"]).ShouldBe((person.Name, person.Email, person.Address));
        return id;
    }

    private async Task ScrubAsync() => await WaitAsync(() => api.Services.GetRequiredService<Forgetting>().ScrubAsync());

    private async Task RebuildAndVerifyAsync()
    {
        var store = api.Services.GetRequiredService<EventSourcing.Store.EventStore>();
        foreach (var projection in api.Services.GetServices<IProjection>())
        {
            (await new ProjectionVerification(store).RunAsync(projection)).IsEqual.ShouldBeTrue(projection.Name);
            await new ProjectionRebuild(store).RunAsync(projection);
            (await new ProjectionVerification(store).RunAsync(projection)).IsEqual.ShouldBeTrue(projection.Name);
        }
    }

    /// <summary>Every row of every table of every schema, the server's own too, as text; the schemas' generations are left out of their names.</summary>
    private async Task FindInTablesAsync(Person person, string[] expected)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var table in await api.ReadTextsAsync(Tables))
        {
            var rows = await api.ReadTextsAsync($"select t::text from {table} t");
            if (rows.Exists(row => person.FindIn(row).Count > 0)) found.Add(table.Split("_g")[0]);
        }

        found.ShouldBe(expected);
    }

    private async Task<List<string>> FindInFilesAsync(Person person, string relations)
    {
        await using (var connection = await api.OpenConnectionAsync())
        await using (var checkpoint = new NpgsqlCommand("checkpoint", connection)) await checkpoint.ExecuteNonQueryAsync();
        return await api.ReadTextsAsync(
            $"""
             select relation from (
                 select oid::regclass::text as relation, pg_read_binary_file(pg_relation_filepath(oid), 0, 1000000000, true) as content
                 from pg_class where pg_relation_filepath(oid) is not null and relkind in ('r', 'i', 't', 'm') and oid::regclass::text like '{relations}') f
             where {person.Condition}
             """);
    }

    /// <summary>Segments of the write-ahead log that still hold it; the server reuses them in its own time.</summary>
    private async Task<int> CountInLogAsync(Person person) => (await api.ReadTextsAsync(
        $"select name from (select name, pg_read_binary_file('pg_wal/' || name, 0, 1000000000, true) as content from pg_ls_waldir()) w where {person.Condition}")).Count;

    /// <summary>What <c>pg_dump</c> writes, where the program lies beside the server's.</summary>
    private async Task<string> DumpAsync()
    {
        var program = Path.Combine(await api.QueryAsync<string>("select setting from pg_config where name = 'BINDIR'"), "pg_dump");
        if (!File.Exists(program)) return "";
        var settings = new NpgsqlConnectionStringBuilder(api.ConnectionString);
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            program, ["--host", settings.Host!, "--port", $"{settings.Port}", "--username", settings.Username!, "--dbname", settings.Database!])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var dump = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        dump.ShouldContain("customer_forgotten");
        return dump;
    }

    /// <summary>Marks that stand nowhere else.</summary>
    private sealed class Person(params byte[][] bytes)
    {
        public string Condition => string.Join(" or ", bytes.Select(part => $"position('\\x{Convert.ToHexStringLower(part)}'::bytea in content) > 0"));

        public string Mark { get; private init; } = "";

        public string Name => $"Nåme{Mark}";

        public string Email => $"mail{Mark}@example.org";

        public string Address => $"Street{Mark} 1\n0155 Oslo";

        public static Person Create()
        {
            var mark = Guid.NewGuid().ToString("N");
            return new Person([.. new[] { $"Nåme{mark}", $"me{mark}", $"mail{mark}", $"Street{mark}" }.Select(Encoding.UTF8.GetBytes)]) { Mark = mark };
        }

        public List<string> FindIn(string text) => [.. bytes.Select(Encoding.UTF8.GetString).Where(part => text.Contains(part, StringComparison.Ordinal))];
    }
}
