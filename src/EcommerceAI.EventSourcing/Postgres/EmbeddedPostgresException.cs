namespace EcommerceAI.EventSourcing.Postgres;

/// <summary>The private cluster could not be made, started, reached or stopped. The message says why and what to do.</summary>
public sealed class EmbeddedPostgresException : Exception
{
    /// <summary>An error that names what failed and where.</summary>
    /// <param name="message">One line for the reader; the tail of the server's log may follow on lines of its own.</param>
    /// <param name="innerException">The cause, if it was an exception.</param>
    public EmbeddedPostgresException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
