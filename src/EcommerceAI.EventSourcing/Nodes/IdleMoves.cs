using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Subscriptions;
using Npgsql;

namespace EcommerceAI.EventSourcing.Nodes;

/// <summary>
/// Moves checkpoints over stretches of the log that hold nothing for their followers, those of many followers in one statement: most
/// events concern a few, and a transaction for each of the others with every append would be most of the server's work.
/// </summary>
/// <remarks>
/// A checkpoint moves only under its follower's lease and from where the follower read it. The lease need not be held on to until the
/// commit, as other transactions do, nor the commit wait for the disk: that a stretch holds nothing for a follower is true whoever says it.
/// </remarks>
internal sealed class IdleMoves(NpgsqlDataSource source)
{
    // What somebody else has locked is left to its follower's own transaction, so that one does not keep the others waiting.
    private const string Moves =
        """
        unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[]) as m (name, generation, since, upto, shard, token)
        join bookkeeping.leases l on l.shard = m.shard and l.token = m.token
        """;

    private const string OfGenerations =
        $"""
         with free as (
             select g.projection, g.generation, m.upto
             from {Moves} join bookkeeping.generations g on g.projection = m.name and g.generation = m.generation and g.checkpoint = m.since
             where g.state <> 'retired' for update of g skip locked)
         update bookkeeping.generations g set checkpoint = free.upto, changed = now()
         from free where g.projection = free.projection and g.generation = free.generation
         returning g.projection, g.generation
         """;

    private const string OfSubscriptions =
        $"""
         with free as (
             select c.name, m.upto from {Moves} join bookkeeping.checkpoints c on c.name = m.name and c.position = m.since
             for update of c skip locked)
         update bookkeeping.checkpoints c set position = free.upto, changed = now() from free where c.name = free.name
         returning c.name, null::int
         """;

    private readonly Lock _lock = new();
    private List<Move> _waiting = [];
    private bool _isRunning;

    /// <summary>Moves the checkpoint of a live generation.</summary>
    /// <returns>False where it could not be moved now: the caller's own transaction finds out why.</returns>
    public Task<bool> MoveAsync(Lease lease, Generation generation, long to) =>
        MoveAsync(new Move(lease, generation.Projection, generation.Number, generation.Checkpoint, to));

    /// <summary>Moves the checkpoint of a subscription.</summary>
    /// <returns>As above.</returns>
    public Task<bool> MoveAsync(Lease lease, string subscription, long from, long to) =>
        MoveAsync(new Move(lease, SubscriptionCheckpoint.NameOf(subscription), null, from, to));

    private Task<bool> MoveAsync(Move move)
    {
        lock (_lock)
        {
            _waiting.Add(move);
            if (!_isRunning)
            {
                _isRunning = true;
                _ = Task.Run(RunAsync);
            }
        }

        return move.Moved.Task;
    }

    /// <summary>While one statement runs, those that come meanwhile gather for the next.</summary>
    private async Task RunAsync()
    {
        while (true)
        {
            List<Move> moves;
            lock (_lock)
            {
                _isRunning = _waiting.Count > 0;
                if (!_isRunning) return;
                (moves, _waiting) = (_waiting, []);
            }

            HashSet<(string, int?)> moved = [];
            try
            {
                moved = await WriteAsync(moves);
            }
#pragma warning disable CA1031 // Whatever it is, whoever asked finds it out in a transaction of its own; nobody may wait for ever.
            catch (Exception)
#pragma warning restore CA1031
            {
                moved.Clear();
            }

            foreach (var move in moves) move.Moved.TrySetResult(moved.Contains((move.Name, move.Generation)));
        }
    }

    private async Task<HashSet<(string Name, int? Generation)>> WriteAsync(List<Move> moves)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select set_config('synchronous_commit', 'off', true)"));
        if (moves.FindAll(move => move.Generation is not null) is { Count: > 0 } generations) batch.BatchCommands.Add(Statement(OfGenerations, generations));
        if (moves.FindAll(move => move.Generation is null) is { Count: > 0 } subscriptions) batch.BatchCommands.Add(Statement(OfSubscriptions, subscriptions));
        var moved = new HashSet<(string, int?)>();
        await using var reader = await batch.ExecuteReaderAsync();
        while (await reader.NextResultAsync())
        {
            while (await reader.ReadAsync()) moved.Add((reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetInt32(1)));
        }

        return moved;
    }

    private static NpgsqlBatchCommand Statement(string sql, List<Move> moves) => new(sql)
    {
        Parameters =
        {
            SchemaSql.Parameter(moves.ConvertAll(move => move.Name).ToArray()),
            SchemaSql.Parameter(moves.ConvertAll(move => move.Generation ?? 0).ToArray()),
            SchemaSql.Parameter(moves.ConvertAll(move => move.From).ToArray()),
            SchemaSql.Parameter(moves.ConvertAll(move => move.To).ToArray()),
            SchemaSql.Parameter(moves.ConvertAll(move => move.Lease.Shard).ToArray()),
            SchemaSql.Parameter(moves.ConvertAll(move => move.Lease.Token).ToArray()),
        },
    };

    /// <summary>One checkpoint's move; without a generation it is a subscription's.</summary>
    private sealed record Move(Lease Lease, string Name, int? Generation, long From, long To)
    {
        public TaskCompletionSource<bool> Moved { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
