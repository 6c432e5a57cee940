using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Subscriptions;
using Npgsql;

namespace EcommerceAI.Replay.Tests.Tool;

/// <summary>Writes down what it takes in a table, and refuses streams that another table names; made of a part of the store, as a real one is.</summary>
public sealed class MailSubscription(NpgsqlDataSource source) : ISubscription
{
    public const string Tables = "create table mails (id serial primary key, position bigint not null); create table refused (stream text primary key)";

    public string Name => "mail";

    public IReadOnlyList<Type> Handles => [typeof(ProductCreated), typeof(ProductPriceChanged)];

    public DeliveryPolicy Policy => DeliveryPolicy.Park;

    public async Task DeliverAsync(SubscriptionBatch batch, CancellationToken cancellation)
    {
        foreach (var @event in batch.Events)
        {
            await using var command = source.CreateCommand(
                "insert into mails (position) select $1 where not exists (select from refused where stream = $2)");
            command.Parameters.AddWithValue(@event.Position);
            command.Parameters.AddWithValue(@event.StreamId);
            if (await command.ExecuteNonQueryAsync(cancellation) == 0) throw new InvalidOperationException($"No address for {@event.StreamId}.");
        }
    }
}

/// <summary>Stops at what it cannot take.</summary>
public sealed class StrictSubscription : ISubscription
{
    public bool IsMended { get; set; }

    public string Name => "strict";

    public IReadOnlyList<Type> Handles => [typeof(ProductCreated)];

    public DeliveryPolicy Policy => DeliveryPolicy.Stop;

    public Task DeliverAsync(SubscriptionBatch batch, CancellationToken cancellation) =>
        IsMended ? Task.CompletedTask : throw new InvalidOperationException("planted");
}

/// <summary>Asks for what only another program has.</summary>
public sealed class EngineSubscription(Uri engine) : ISubscription
{
    public string Name => engine.Host;

    public IReadOnlyList<Type> Handles => [typeof(ProductCreated)];

    public Task DeliverAsync(SubscriptionBatch batch, CancellationToken cancellation) => Task.CompletedTask;
}
