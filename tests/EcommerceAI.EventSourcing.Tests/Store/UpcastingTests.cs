using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

public sealed record Delivered(string First, string Last, int Parcels, string? Note = null);

public sealed class UpcastingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Dictionary<string, Type> Names = new(StringComparer.Ordinal) { ["delivered_v3"] = typeof(Delivered) };

    private static readonly EventTypes Types = new(
        Names,
        [
            ("delivered", "delivered_v2", json =>
            {
                json["parcels"] = 1;
                return json;
            }),
            ("delivered_v2", "delivered_v3", json =>
            {
                var name = ((string?)json["name"])!.Split(' ');
                return new JsonObject { ["first"] = name[0], ["last"] = name[1], ["parcels"] = json["parcels"]!.DeepClone() };
            }),
            ("handed_over", "delivered", json => json),
        ],
        [("delivered_v2", "name", "person", "id", null)]);

    [Theory]
    [InlineData("delivered_v3", """{"first":"Ada","last":"Lovelace","parcels":1}""")]
    [InlineData("delivered_v2", """{"name":"Ada Lovelace","parcels":1}""")]
    [InlineData("delivered", """{"name":"Ada Lovelace"}""")]
    [InlineData("handed_over", """{"name":"Ada Lovelace"}""")]
    public void An_older_shape_and_an_older_name_are_read_as_todays_record(string name, string json) =>
        new EventSerializer(Types).Deserialize(name, Encoding.UTF8.GetBytes(json)).ShouldBe(new Delivered("Ada", "Lovelace", 1));

    [Fact]
    public async Task Projections_and_streams_get_events_of_every_older_shape()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        await using var store = await EventStore.OpenAsync(database.ConnectionString, Types);
        await database.ExecuteAsync(ForeignWrites.NewStream("a", "handed_over", """{"name": "Ada Lovelace"}"""));
        await database.ExecuteAsync(ForeignWrites.Insert("a", 2, "delivered_v2", """{"name": "Bob Lovelace", "parcels": 2}"""));
        await store.AppendAsync("a", ExpectedVersion.Exactly(2), [new Delivered("Cy", "Lovelace", 3)]);

        (await database.ScalarAsync<string>("select type from events.mt_events where version = 3")).ShouldBe("delivered_v3");
        var folded = await store.LoadAsync("a", "", (state, data) => data is Delivered given ? $"{state}{given.First}{given.Parcels} " : state);
        folded.State.ShouldBe("Ada1 Bob2 Cy3 ");
        var page = await store.Reader.ReadLogAsync(new LogRange(0, 10, Types: [.. Types.NamesOf(typeof(Delivered))]));
        page.Events.Select(@event => @event.Data).ShouldAllBe(data => data is Delivered);
        page.Events.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_step_that_fails_names_the_event_and_itself()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        await using var store = await EventStore.OpenAsync(database.ConnectionString, Types);
        await database.ExecuteAsync(ForeignWrites.NewStream("a", "delivered_v2", """{"name": "Ada", "parcels": 2}"""));
        var failure = await Should.ThrowAsync<UnreadableEventException>(() => store.Reader.ReadStreamAsync("a").CountAsync().AsTask());
        failure.Message.ShouldContain("position 1");
        failure.Message.ShouldContain("from 'delivered_v2' to 'delivered_v3' failed");
    }

    [Fact]
    public void A_name_that_nobody_knows_is_read_as_json() =>
        ((JsonElement)new EventSerializer(Types).Deserialize("delivered_v9", "{\"weight\":2}"u8)).GetProperty("weight").GetInt32().ShouldBe(2);

    [Theory]
    [InlineData("delivered_v3", "delivered_v4", "cannot also be an older form")]
    [InlineData("older", "nothing", "which no record carries")]
    [InlineData("older", "older", "which no record carries")]
    [InlineData("", "delivered_v3", "cannot be an event name")]
    public void A_step_that_leads_nowhere_stops_the_start(string from, string to, string expected) =>
        Should.Throw<ArgumentException>(() => new EventTypes(Names, [(from, to, json => json)])).Message.ShouldContain(expected);

    [Fact]
    public void Two_steps_from_one_name_stop_the_start() =>
        Should.Throw<ArgumentException>(() => new EventTypes(Names, [("older", "delivered_v3", json => json), ("older", "delivered_v3", json => json)]))
            .Message.ShouldContain("Two steps lead on from 'older'");
}
