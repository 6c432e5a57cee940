using EcommerceAI.EventSourcing.Commands;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Commands;

public sealed class LineTests
{
    [Fact]
    public async Task One_at_a_time_goes_through_in_the_order_of_arrival()
    {
        var line = new Line();
        (await EnterAsync(line)).ShouldBeTrue();
        var order = new List<int>();
        var inside = 0;
        var waiting = Enumerable.Range(0, 1000).Select(async number =>
        {
            (await EnterAsync(line)).ShouldBeTrue();
            Interlocked.Increment(ref inside).ShouldBe(1);
            order.Add(number);
            Interlocked.Decrement(ref inside);
            line.Leave();
        }).ToArray();
        line.Leave();
        await Task.WhenAll(waiting);
        order.ShouldBe(Enumerable.Range(0, 1000));
    }

    [Fact]
    public async Task Who_cancels_is_passed_over()
    {
        var line = new Line();
        await EnterAsync(line);
        using var gone = new CancellationTokenSource();
        var cancelled = EnterAsync(line, gone.Token);
        var next = EnterAsync(line);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled);
        line.Leave();
        (await next).ShouldBeTrue();
        line.Leave();
        (await EnterAsync(line)).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_has_waited_long_enough_goes_on_without_the_turn()
    {
        var line = new Line();
        await EnterAsync(line);
        var late = EnterAsync(line);
        line.SendOn(TimeSpan.Zero);
        (await late).ShouldBeFalse();
        line.Leave();
        (await EnterAsync(line)).ShouldBeTrue();
    }

    [Fact]
    public async Task Many_threads_never_meet_inside_and_all_get_through()
    {
        var line = new Line();
        var (inside, through) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var n = 0; n < 2000; n++)
            {
                (await EnterAsync(line)).ShouldBeTrue();
                Interlocked.Increment(ref inside).ShouldBe(1);
                through++;
                Interlocked.Decrement(ref inside);
                line.Leave();
            }
        })));
        through.ShouldBe(16_000);
    }

    private static Task<bool> EnterAsync(Line line, CancellationToken cancellation = default) => line.EnterAsync(cancellation).AsTask();
}
