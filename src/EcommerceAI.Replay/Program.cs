using EcommerceAI.Replay.CommandLine;

return await ReplayCommandLine.RunAsync(args);
