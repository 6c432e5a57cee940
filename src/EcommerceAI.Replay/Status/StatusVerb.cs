using System.CommandLine;
using System.Text.Json.Nodes;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Status;

/// <summary><c>status</c>: how the log, the projections and everything that works on them are, and what is amiss.</summary>
public sealed class StatusVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var patience = ListOptions.Age("--patience", "How long a projection may lag without moving, and a transaction hold the mark back, before it is amiss");
        patience.DefaultValueFactory = _ => TimeSpan.FromSeconds(30);
        var json = JsonOutput.Option("one object");
        var command = new VerbCommand(
            "status", "Shows high-water mark, holes, projections and what is amiss. Exit code 1 when something is.",
            new Example("status", "Everything at a glance."),
            new Example("status --patience 5m --json", "For a monitor: exit code 1 once something has stood still for five minutes."))
        { patience, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var allowed = parsed.GetValue(patience)!.Value;
            var status = await StoreStatus.ReadAsync(open.Store, cancellation);
            var view = new StatusView(status, ProjectionRow.Of(status, OpenStore.Projections, allowed), allowed);
            var sections = new List<StatusSection> { view.Log(), view.Holders(), view.Projections() };
            foreach (var part in ReplayCommandLine.Find<IStatusPart>()) sections.AddRange(await part.ReadAsync(open.Store, cancellation) is { } section ? [section] : []);
            var amiss = sections.SelectMany(section => section.Amiss).ToList();
            if (parsed.GetValue(json))
                await WriteJsonAsync(sections, amiss);
            else
                await WriteTablesAsync(sections, amiss);
            return amiss.Count == 0 ? ReplayCommandLine.Success : ReplayCommandLine.Failure;
        });
        return command;
    }

    private static Task WriteJsonAsync(List<StatusSection> sections, List<string> amiss)
    {
        var all = new JsonObject();
        foreach (var section in sections) all[section.Name] = section.Json;
        all["amiss"] = new JsonArray([.. amiss.Select(text => (JsonNode)text)]);
        return JsonOutput.WriteAsync(all);
    }

    private static async Task WriteTablesAsync(List<StatusSection> sections, List<string> amiss)
    {
        foreach (var section in sections.Where(section => section.Table.Rows > 0)) section.Table.Write();
        foreach (var text in amiss) await Console.Out.WriteLineAsync($"Amiss: {text}");
        if (amiss.Count == 0) await Console.Out.WriteLineAsync("Nothing is amiss.");
    }
}
