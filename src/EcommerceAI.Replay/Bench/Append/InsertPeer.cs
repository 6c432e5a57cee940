using EcommerceAI.EventSourcing.Store;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.Replay.Bench.Append;

/// <summary>
/// The peer of an append: a bare, prepared, autocommitted INSERT of the same event row, a connection a client, with every constraint on.
/// The streams that the foreign key points at are made beforehand and not timed, so the peer does less than an append does.
/// </summary>
internal sealed class InsertPeer(string connectionString)
{
    /// <summary>Streams made beforehand; each client goes through its own share of them, a version a round.</summary>
    public const int Streams = 200_000;

    /// <summary>The INSERT, with <c>$1</c> for the stream, <c>$2</c> for the version, <c>$3</c> for the JSON and <c>$4</c> for the id.</summary>
    private const string Insert =
        """
        insert into events.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, is_archived)
        values (nextval('events.mt_events_sequence'), $4, $1, $2, $3, 'bench_noted', now(), 'EcommerceAI.Replay.Bench.Append.Noted, EcommerceAI.Replay', false)
        """;

    private const string Name = "insert-peer";

    private int _round;

    /// <summary>Versions of a round, so that no (stream, version) comes twice however long it runs.</summary>
    /// <param name="round">The round, from 1.</param>
    public static long FirstVersion(int round) => round * 1_000_000L;

    /// <summary>A round of its own, for whoever inserts into the same streams.</summary>
    public int NextRound() => Interlocked.Increment(ref _round);

    /// <summary>Makes the streams.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(
            $"insert into events.mt_streams (id, version) select 'insert-' || n, 1000 from generate_series(0, {Streams - 1}) n", connection)
        { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Inserts per second with so many clients.</summary>
    public async Task<double> MeasureAsync(int clients, double seconds, CancellationToken cancellation)
    {
        var round = NextRound();
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, MaxAutoPrepare = 0, ApplicationName = Name };
        var commands = new List<NpgsqlCommand>();
        try
        {
            for (var client = 0; client < clients; client++)
            {
                var connection = new NpgsqlConnection(settings.ConnectionString);
                await connection.OpenAsync(cancellation);
                commands.Add(await CreateAsync(connection, cancellation));
            }

            return await Clients.RunOnThreadsAsync(
                clients,
                seconds,
                (client, number) =>
                {
                    var command = commands[client];
                    var stream = client + (number * clients);
                    command.Parameters[0].Value = $"insert-{stream % Streams}";
                    command.Parameters[1].Value = FirstVersion(round) + (stream / Streams);
                    command.Parameters[2].Value = EventSerializer.Serialize(Noted.Of(number));
                    command.Parameters[3].Value = Guid.CreateVersion7();
                    command.ExecuteNonQuery();
                },
                cancellation);
        }
        finally
        {
            foreach (var command in commands)
            {
                await command.Connection!.DisposeAsync();
                await command.DisposeAsync();
            }

            await WaitUntilGoneAsync(cancellation);
        }
    }

    /// <summary>The server lets go of a connection after its client has: who comes next would find no room beside so many.</summary>
    private async Task WaitUntilGoneAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand($"select count(*) from pg_stat_activity where application_name = '{Name}'", connection);
        while (await command.ExecuteScalarAsync(cancellation) is > 0L) await Task.Delay(20, cancellation);
    }

    private static async Task<NpgsqlCommand> CreateAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(Insert, connection);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Varchar, Value = "" });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint, Value = 0L });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = "{}"u8.ToArray() });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Uuid, Value = Guid.Empty });
        await command.PrepareAsync(cancellation);
        return command;
    }
}
