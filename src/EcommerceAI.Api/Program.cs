using EcommerceAI.Api.Hosting;

return await ApiProgram.RunAsync(args);
