using System.Runtime.InteropServices;
using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Privacy;
using Npgsql;

namespace EcommerceAI.Api.Hosting;

/// <summary>The program: starts the API, serves until it is told to stop, and leaves nothing behind.</summary>
internal static class ApiProgram
{
    /// <summary>Runs until Ctrl-C or SIGTERM.</summary>
    /// <param name="args">Configuration, as <c>--key value</c>.</param>
    /// <returns>The exit code: 0 after a stop that was asked for, 1 where the start failed, with one line that says why.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var api = await StartAsync(args);
            await api.App.WaitForShutdownAsync();
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        catch (Exception failure) when (Describe(failure) is { } line)
        {
            await Console.Error.WriteLineAsync($"EcommerceAI cannot start: {line}");
            return 1;
        }
    }

    /// <summary>Once the host runs it handles the signals; until then a stop must not leave a half-started cluster behind.</summary>
    private static async Task<RunningApi> StartAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        return await RunningApi.StartAsync(args, services => services.AddHostedService<Greeting>(), stop.Token);

        void Cancel(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static string? Describe(Exception failure) => failure switch
    {
        StartFailedException or EmbeddedPostgresException or EventStoreLayoutException or MasterKeyException => failure.Message,
        PostgresException refused => $"PostgreSQL refused ({refused.SqlState}): {refused.MessageText}.",
        NpgsqlException unreachable => $"PostgreSQL cannot be reached: {unreachable.InnerException?.Message ?? unreachable.Message}",
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } taken => taken.Message,
        _ => null,
    };
}
