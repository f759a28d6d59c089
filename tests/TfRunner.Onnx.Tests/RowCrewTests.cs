using TfRunner.Onnx.Execution;

namespace TfRunner.Onnx.Tests;

public sealed class RowCrewTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Every_part_runs_once_in_every_call(int cores)
    {
        using var crew = new RowCrew(3);
        var parts = new Counting(7);
        for (var call = 0; call < 1000; call++)
        {
            crew.Run(parts, cores);
        }

        Assert.All(parts.Runs, static r => Assert.Equal(1000, r));
    }

    [Fact]
    public void Calls_from_many_threads_do_not_take_each_others_parts()
    {
        using var crew = new RowCrew(1);
        Parallel.For(0, 200, _ =>
        {
            var parts = new Counting(5);
            crew.Run(parts, 2);
            Assert.All(parts.Runs, static r => Assert.Equal(1, r));
        });
    }

    [Fact]
    public void A_failing_part_fails_the_call_and_leaves_the_crew_usable()
    {
        using var crew = new RowCrew(1);
        Assert.Throws<InvalidOperationException>(() => crew.Run(new Failing(), 2));

        var parts = new Counting(4);
        crew.Run(parts, 2);

        Assert.All(parts.Runs, static r => Assert.Equal(1, r));
    }

    private sealed class Counting(int count) : IRowParts
    {
        public int[] Runs { get; } = new int[count];

        public int Count => Runs.Length;

        public void Run(int part) => Interlocked.Increment(ref Runs[part]);
    }

    private sealed class Failing : IRowParts
    {
        public int Count => 2;

        public void Run(int part) => throw new InvalidOperationException();
    }
}
