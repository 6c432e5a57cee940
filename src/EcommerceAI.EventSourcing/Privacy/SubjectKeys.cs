using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Privacy;

/// <summary>A key that an event is to be sealed under.</summary>
/// <param name="Id">The key's id.</param>
/// <param name="Expires">When the law wants it kept no longer, or null for a key that lives until its subject is forgotten.</param>
internal readonly record struct KeyRequest(string Id, DateTimeOffset? Expires);

/// <summary>
/// The keys of data subjects, in a table of ours. Destroying a key is what forgets: every ciphertext of the subject, in the log, its
/// copies and new backups, is then noise. A key is kept in memory for <see cref="Lifetime"/> after it was read and no longer; that
/// bound needs no message to arrive, so it also holds for a node whose connection was cut.
/// </summary>
public sealed class SubjectKeys : IAsyncDisposable, IDisposable
{
    private const int KeySize = 32;
    private const int MostCached = 10_000;

    private readonly NpgsqlDataSource _source;
    private readonly MasterKey? _master;
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MostCached });

    /// <summary>Opens the table.</summary>
    /// <param name="connectionString">
    /// Of the store. The keys have a small pool of their own: whoever asks for one may hold a connection to the log, and would wait for
    /// ever for a second where all callers do so.
    /// </param>
    /// <param name="master">Wraps new keys; null to store them as they are.</param>
    internal SubjectKeys(string connectionString, MasterKey? master)
    {
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 4, MinPoolSize = 0 }.ConnectionString);
        _master = master;
    }

    /// <summary>The longest that a node uses a key after another node destroyed it: 2 s.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The id of a subject's key.</summary>
    /// <param name="scope">The kind of subject (<c>customer</c>).</param>
    /// <param name="subject">The subject's id: 1 to 200 characters, none of <c>: # "</c>, backslash or a control character.</param>
    /// <exception cref="ArgumentException">The subject's id cannot be part of a key's.</exception>
    public static string IdOf(string scope, string subject) =>
        IsSubject(subject)
            ? $"{scope}/{subject}"
            : throw new ArgumentException($"'{subject}' cannot name a data subject: 1 to 200 characters, none of : # \" \\ or control characters.", nameof(subject));

    /// <summary>Destroys the key of a subject, durably and in this process at once. Again is no fault, nor is a subject that has none.</summary>
    /// <param name="scope">The kind of subject.</param>
    /// <param name="subject">The subject's id.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether this call destroyed it.</returns>
    /// <exception cref="ArgumentException">As in <see cref="IdOf"/>.</exception>
    public async Task<bool> DestroyAsync(string scope, string subject, CancellationToken cancellation = default)
    {
        var id = IdOf(scope, subject);
        // The row stays, so that a node which has just decided to make a key for this subject finds that it may not.
        await using var command = _source.CreateCommand(
            """
            insert into bookkeeping.subject_keys as k (id, key, destroyed) values ($1, null, clock_timestamp())
            on conflict (id) do update set key = null, master_key = null, destroyed = clock_timestamp() where k.key is not null
            """);
        command.Parameters.AddWithValue(id);
        var changed = await command.ExecuteNonQueryAsync(cancellation);
        _cache.Remove(id);
        return changed == 1;
    }

    /// <summary>Destroys the keys that the law wants kept no longer.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many.</returns>
    public async Task<int> DestroyExpiredAsync(CancellationToken cancellation = default)
    {
        await using var command = _source.CreateCommand(
            """
            update bookkeeping.subject_keys set key = null, master_key = null, destroyed = clock_timestamp()
            where expires <= now() and key is not null
            """);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Whether a text can be a subject's id; what cannot never had a key.</summary>
    internal static bool IsSubject(string text) =>
        text.Length is >= 1 and <= 200 && !text.Any(c => c is ':' or '#' or '"' or '\\' || char.IsControl(c));

    /// <summary>Refuses a master key under which the stored keys were not wrapped.</summary>
    /// <exception cref="MasterKeyException">It is missing or another one.</exception>
    internal async Task CheckMasterKeyAsync(CancellationToken cancellation)
    {
        // The smallest and the largest name are two looks into an index, however many keys there are.
        await using var command = _source.CreateCommand(
            "select min(master_key), max(master_key) from bookkeeping.subject_keys where master_key is not null");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        for (var i = 0; i < 2; i++)
        {
            if (!reader.IsDBNull(i) && reader.GetString(i) != _master?.Name) throw MasterKey.Missing(reader.GetString(i), _master);
        }
    }

    /// <summary>The keys of these ids, from memory where they were read a moment ago.</summary>
    internal async ValueTask<SubjectKeyRing> LoadAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        if (ids.Count == 0) return SubjectKeyRing.Empty;
        var keys = FindCached(ids, out var missing);
        if (missing.Count > 0)
        {
            await ReadAsync(missing, keys, cancellation);
            foreach (var id in missing) keys.TryAdd(id, null);
        }

        return new SubjectKeyRing(keys);
    }

    /// <summary>The keys to seal under; one that is not there is made and durable when this returns, one that was destroyed stays so.</summary>
    internal async ValueTask<SubjectKeyRing> EnsureAsync(IReadOnlyCollection<KeyRequest> requests, CancellationToken cancellation)
    {
        var keys = FindCached([.. requests.Select(request => request.Id)], out var missing);
        if (missing.Count > 0) await ReadAsync(missing, keys, cancellation);
        KeyRequest[] wanted = [.. requests.Where(request => !keys.ContainsKey(request.Id))];
        if (wanted.Length > 0)
        {
            await MakeAsync(wanted, cancellation);
            // Another node may have been faster: what stands in the table counts, for both.
            await ReadAsync([.. wanted.Select(request => request.Id)], keys, cancellation);
        }

        return new SubjectKeyRing(keys);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache.Dispose();
        _source.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _cache.Dispose();
        await _source.DisposeAsync();
    }

    private Dictionary<string, byte[]?> FindCached(IReadOnlyCollection<string> ids, out List<string> missing)
    {
        var keys = new Dictionary<string, byte[]?>(ids.Count, StringComparer.Ordinal);
        missing = [];
        foreach (var id in ids)
        {
            if (_cache.TryGetValue(id, out Cached? cached) && cached!.Deadline > Environment.TickCount64) keys[id] = cached.Key;
            else missing.Add(id);
        }

        return keys;
    }

    private async Task ReadAsync(IReadOnlyCollection<string> ids, Dictionary<string, byte[]?> keys, CancellationToken cancellation)
    {
        // Counted from before the question, so that the answer is never older than it is taken for.
        var deadline = Environment.TickCount64 + (long)Lifetime.TotalMilliseconds;
        await using var command = _source.CreateCommand(
            "select id, case when expires <= now() then null else key end, master_key from bookkeeping.subject_keys where id = any($1)");
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, ids.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var id = reader.GetString(0);
            var key = reader.IsDBNull(1) ? null : Unwrap(id, reader.GetFieldValue<byte[]>(1), reader.IsDBNull(2) ? null : reader.GetString(2));
            keys[id] = key;
            _cache.Set(id, new Cached(key, deadline), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime });
        }
    }

    private byte[] Unwrap(string id, byte[] stored, string? master) =>
        master is null ? stored
        : master == _master?.Name ? _master.Unwrap(stored, id)
        : throw MasterKey.Missing(master, _master);

    private async Task MakeAsync(KeyRequest[] requests, CancellationToken cancellation)
    {
        // In sorted order, so that two nodes that make the same keys do not wait for each other in a ring.
        KeyRequest[] sorted = [.. requests.OrderBy(request => request.Id, StringComparer.Ordinal)];
        await using var command = _source.CreateCommand(
            """
            insert into bookkeeping.subject_keys (id, key, master_key, expires)
            select id, key, $3, expires from unnest($1, $2, $4) with ordinality as n (id, key, expires, place) order by place
            on conflict (id) do nothing
            """);
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, sorted.Select(request => request.Id).ToArray());
        command.Parameters.AddWithValue(
            NpgsqlDbType.Array | NpgsqlDbType.Bytea,
            sorted.Select(request => RandomNumberGenerator.GetBytes(KeySize) is var key && _master is not null ? _master.Wrap(key, request.Id) : key).ToArray());
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)_master?.Name ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.AddWithValue(
            NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, sorted.Select(request => request.Expires?.UtcDateTime).ToArray());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A key, or null for one that was destroyed, and the tick after which it must be read again.</summary>
    private sealed record Cached(byte[]? Key, long Deadline);
}
