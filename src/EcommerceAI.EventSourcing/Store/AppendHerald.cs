using Npgsql;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Tells the readers of this database that something was appended, after its commit and beside it: a notification inside the appending
/// transaction would make all commits of the database queue for one lock while they are flushed. Readers poll as well, so that a
/// wake-up that is lost with its process costs time, not events.
/// </summary>
internal sealed class AppendHerald(NpgsqlDataSource source) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _closing = new();
    private Task _telling = Task.CompletedTask;
    private int _told = 1;
    private int _busy;

    /// <summary>Something was committed. At rest it is told at once, under load every ten milliseconds.</summary>
    public void Tell()
    {
        Volatile.Write(ref _told, 0);
        if (Interlocked.CompareExchange(ref _busy, 1, 0) == 0) _telling = Task.Run(TellAsync, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _telling;
        _closing.Dispose();
    }

    private async Task TellAsync()
    {
        while (true)
        {
            while (Interlocked.Exchange(ref _told, 1) == 0)
            {
                try
                {
                    await using var command = source.CreateCommand(AppendSql.Notify);
                    await command.ExecuteNonQueryAsync(_closing.Token);
                }
                catch (Exception gone) when (gone is NpgsqlException or OperationCanceledException or ObjectDisposedException)
                {
                    // The server is away or refuses connections; whoever reads polls.
                }

                await Task.Delay(Pause, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            Volatile.Write(ref _busy, 0);
            // Told between the last look and the end: whoever did so saw this one busy and left it to it.
            if (Volatile.Read(ref _told) == 1 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0) return;
        }
    }
}
