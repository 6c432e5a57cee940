using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcommerceAI.Commerce.Orders;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests;

public sealed class JsonTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    [Fact]
    public void Every_event_record_has_a_sample() =>
        SampleEvents.All.Select(sample => sample.GetType()).Distinct().ShouldBe(
            BoundedContext.Scan().SelectMany(context => context.EventNames.Values), ignoreOrder: true);

    [Fact]
    public void Every_event_reads_back_as_it_was_written()
    {
        foreach (var sample in SampleEvents.All)
        {
            var text = JsonSerializer.Serialize(sample, sample.GetType(), Json);
            var back = JsonSerializer.Deserialize(text, sample.GetType(), Json);
            ShouldSayTheSame(back!, sample);
            JsonSerializer.Serialize(back, sample.GetType(), Json).ShouldBe(text);
        }
    }

    [Fact]
    public void Every_state_reads_back_as_it_was_written()
    {
        foreach (var fold in BoundedContext.Scan().SelectMany(context => context.States.Values))
        {
            foreach (var state in new[] { fold.Initial, SampleEvents.All.Aggregate(fold.Initial, fold.Evolve) })
            {
                var text = JsonSerializer.Serialize(state, state.GetType(), Json);
                ShouldSayTheSame(JsonSerializer.Deserialize(text, state.GetType(), Json)!, state);
            }
        }
    }

    [Fact]
    public void An_order_s_json_is_what_is_in_the_log_already()
    {
        var placed = OrderPricing.PlacedOrder(
            "536365", null, "France", "warehouse", "GBP", [new("85123A", 6, 2.55m)], [new("POST", "POSTAGE", 1, 18m)]);
        JsonNode.DeepEquals(
            JsonSerializer.SerializeToNode(placed, Json),
            JsonNode.Parse(
                """
                {"orderId":"536365","customerId":null,"country":"France","location":"warehouse",
                 "lines":[{"sku":"85123A","quantity":6,"unitPrice":2.55,"amount":1530}],
                 "charges":[{"code":"POST","description":"POSTAGE","quantity":1,"unitPrice":18,"amount":1800}],
                 "total":{"minor":3330,"currency":"GBP"}}
                """)).ShouldBeTrue();
    }

    /// <summary>Member by member down to plain values, because a record compares the lists in it by reference.</summary>
    private static void ShouldSayTheSame(object? actual, object? expected, string path = "")
    {
        if (expected is null or string || expected.GetType() is { IsPrimitive: true } or { IsEnum: true } || expected is decimal or DateTimeOffset)
        {
            actual.ShouldBe(expected, path);
            return;
        }

        var there = actual.ShouldNotBeNull(path);
        if (expected is IEnumerable list)
        {
            object?[] expectedItems = [.. list.Cast<object?>()], actualItems = [.. ((IEnumerable)there).Cast<object?>()];
            actualItems.Length.ShouldBe(expectedItems.Length, path);
            for (var i = 0; i < expectedItems.Length; i++) ShouldSayTheSame(actualItems[i], expectedItems[i], $"{path}[{i}]");
            return;
        }

        there.ShouldBeOfType(expected.GetType(), path);
        foreach (var property in expected.GetType().GetProperties().Where(property => !property.GetMethod!.IsStatic))
            ShouldSayTheSame(property.GetValue(there), property.GetValue(expected), $"{path}.{property.Name}");
    }
}
