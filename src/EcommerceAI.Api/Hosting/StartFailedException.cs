namespace EcommerceAI.Api.Hosting;

/// <summary>The host cannot start with what it was given; the message says in one line what to change.</summary>
public sealed class StartFailedException(string message) : Exception(message);
