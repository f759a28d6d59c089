using TfRunner.Diagnosis.Bisection;
using TfRunner.Diagnosis.Modes;

namespace TfRunner.Diagnosis.Tests.Bisection;

public class DepartureSearchTests
{
    private static readonly ModeName Right = new("tensorflow", "graph");
    private static readonly ModeName Wrong = new("onnx", "compiled");

    [Theory]
    [InlineData(0)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(199)]
    public void The_first_op_that_departs_is_named(int culprit)
    {
        var found = Search(new Chain(200) { Culprit = culprit });
        Assert.Equal((FormattableString.Invariant($"node{culprit}"), "Op", DepartureMeans.Walk), (found.Node, found.Op, found.Means));
        Assert.Contains("not", found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_that_cannot_be_fetched_hide_no_others()
    {
        var found = Search(new Chain(100) { Culprit = 60, Unfetchable = [10, 58, 59] });
        Assert.Equal("node60", found.Node);
    }

    [Fact]
    public void A_departure_that_vanishes_when_many_are_fetched_is_found_by_halving()
    {
        var chain = new Chain(300) { Culprit = 211, DepartsOnlyAlone = true };
        var found = Search(chain);
        Assert.Equal(("node211", DepartureMeans.Alone), (found.Node, found.Means));
    }

    [Fact]
    public void What_differs_from_call_to_call_is_said_to_vary()
    {
        Assert.Equal(("node5", DepartureMeans.Varies), (Search(new Chain(20) { Random = 5 }) is var f ? f.Node : "", f.Means));
    }

    [Fact]
    public void Agreement_everywhere_is_no_departure()
    {
        var found = Search(new Chain(60));
        Assert.False(found.IsFound);
        Assert.Contains("60 tensors", found.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Time_that_is_up_is_said()
    {
        var found = Search(new Chain(200) { Culprit = 150, MostLooks = 3 });
        Assert.False(found.IsFound);
        Assert.Contains("time was up after 48 of 200", found.ToString(), StringComparison.Ordinal);
    }

    private static Departure Search(Chain chain) => new DepartureSearch(chain, chain.Tensors, 1e-3, 1e-5).Find(Right, Wrong);

    /// <summary>Ops in a row, of which one computes something else in the wrong mode, and so do all after it.</summary>
    private sealed class Chain(int length) : ITensorLooks
    {
        private int looks;

        public FlatTensor[] Tensors { get; } = [.. Enumerable.Range(0, length).Select(static i => new FlatTensor(FormattableString.Invariant($"node{i}"), "Op", 0))];

        public int Culprit { get; init; } = int.MaxValue;

        public int Random { get; init; } = int.MaxValue;

        public int[] Unfetchable { get; init; } = [];

        public bool DepartsOnlyAlone { get; init; }

        public int MostLooks { get; init; } = int.MaxValue;

        public TensorValue[] Look(ModeName mode, IReadOnlyList<FlatTensor> tensors)
        {
            if (++looks > MostLooks)
            {
                throw new TimeoutException();
            }

            var places = tensors.Select(t => Array.IndexOf(Tensors, t)).ToArray();
            if (places.Any(Unfetchable.Contains))
            {
                throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Run, "the value is dead");
            }

            return [.. places.Select(at => TensorValue.FromScalar(
                at + (mode == Wrong && at >= Culprit && (!DepartsOnlyAlone || tensors.Count == 1) ? 0.5f : 0f) + (at >= Random ? looks : 0f)))];
        }
    }
}
