using System.Globalization;
using Npgsql;

namespace EcommerceAI.EventSourcing.Nodes;

/// <summary>The right of one node to run a shard and to write for it, until another takes it over.</summary>
/// <param name="Shard">What is run, such as <c>projection:orders:v1</c>.</param>
/// <param name="Owner">The node.</param>
/// <param name="Token">Fencing token, 1 or more; rises with every takeover.</param>
public sealed record Lease(string Shard, string Owner, long Token)
{
    /// <summary>How long a guarded transaction may wait for its client before the server ends it.</summary>
    internal TimeSpan IdleInTransaction { get; init; } = LeaseOptions.DefaultIdleInTransaction;

    /// <summary>
    /// Asks, inside the transaction under way, whether the lease still stands, and holds off a takeover until that transaction ends.
    /// A client that freezes in it loses its session before the lease runs out, and with it the locks.
    /// </summary>
    /// <param name="connection">A connection in a transaction that has not written yet.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LeaseLostException">Another node has taken the shard over; the transaction must not write.</exception>
    public async Task GuardAsync(NpgsqlConnection connection, CancellationToken cancellation = default)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { GuardStatement() } };
        if (await batch.ExecuteScalarAsync(cancellation) is null) throw new LeaseLostException(this);
    }

    /// <summary>What <see cref="GuardAsync"/> asks, for a batch of statements: no row says that the lease is lost.</summary>
    internal NpgsqlBatchCommand GuardStatement() =>
        // The advisory lock keeps nobody off (all share it): it tells who takes over which sessions still write for the shard.
        new(
            $"""
             select token, set_config('idle_in_transaction_session_timeout', $3, true),
                 pg_advisory_xact_lock_shared({Leases.WritersLock}, hashtext($1))::text
             from bookkeeping.leases where shard = $1 and token = $2 for key share
             """)
        {
            Parameters =
            {
                new NpgsqlParameter { Value = Shard },
                new NpgsqlParameter { Value = Token },
                new NpgsqlParameter { Value = string.Create(CultureInfo.InvariantCulture, $"{IdleInTransaction.TotalMilliseconds:0}ms") },
            },
        };
}

/// <summary>Another node has taken the shard over; nothing was written.</summary>
public sealed class LeaseLostException(Lease lease)
    : Exception($"The lease of '{lease.Shard}' with token {lease.Token} is lost: another node has taken it over.");

/// <summary>Who this node is, and how fast others take over when it falls silent.</summary>
public sealed record LeaseOptions
{
    internal static readonly TimeSpan DefaultIdleInTransaction = TimeSpan.FromSeconds(2);

    /// <summary>The node's name, unique among all that run: by default machine, process and a number drawn at start.</summary>
    public string Owner { get; init; } = string.Create(
        CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7():N}");

    /// <summary>How long a lease lasts that is not renewed; 3 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The time between renewals, well below <see cref="Duration"/>; 1 s.</summary>
    public TimeSpan Renewal { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a writing session may wait for a frozen node, below <see cref="Duration"/>; 2 s.</summary>
    public TimeSpan IdleInTransaction { get; init; } = DefaultIdleInTransaction;
}

/// <summary>A lease as it stands in the database.</summary>
/// <param name="Shard">What is run.</param>
/// <param name="Owner">The node that runs it, or ran it last.</param>
/// <param name="Token">Fencing token.</param>
/// <param name="Acquired">When the owner took it over.</param>
/// <param name="Expires">When it runs out unless it is renewed, by the clock of the database.</param>
/// <param name="IsHeld">Whether it has not run out.</param>
public sealed record LeaseStatus(string Shard, string Owner, long Token, DateTimeOffset Acquired, DateTimeOffset Expires, bool IsHeld);
