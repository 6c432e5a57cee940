namespace EcommerceAI.Replay.Bench;

/// <summary>What a measurement says of memory.</summary>
internal static class Heap
{
    /// <summary>Bytes in use once everything that nobody needs is gone.</summary>
    public static long Used()
    {
#pragma warning disable S1215 // What is measured is what stays after a collection.
        return GC.GetTotalMemory(forceFullCollection: true);
#pragma warning restore S1215
    }
}
