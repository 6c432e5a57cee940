using EcommerceAI.EventSourcing.Tests.Crashes;

// Run by a test as a process of its own, to be killed; the test host itself does not come this way.
return await CrashingHost.RunAsync(args);
