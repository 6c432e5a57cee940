using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Tests.Crashes;
using EcommerceAI.EventSourcing.Tests.Nodes;

// Run by a test as a process of its own, to be frozen, woken or killed; the test host itself does not come this way.
if (args is ["start", var dataDirectory, var programs])
{
    await using var started = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = dataDirectory, BinaryDirectory = programs });
    return Console.Read();
}

if (args is not ["node", var database, var name]) return await CrashingHost.RunAsync(args);
await NodeProgram.RunAsync(database, name);
return 0;
