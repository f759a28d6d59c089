namespace TfRunner.Data.Pipeline;

/// <summary>What one stage has done so far.</summary>
/// <param name="Name">The stage's name, such as <c>map</c> or the name it was given.</param>
/// <param name="Elements">Elements that left it.</param>
/// <param name="Errors">Errors that arose in it.</param>
/// <param name="Busy">Time spent in its own work, over all its parallel calls.</param>
/// <param name="InputWait">Time it waited for elements from the stage before it.</param>
/// <param name="OutputWait">Time it was held up because what comes after it was full.</param>
/// <param name="QueueDepth">Elements waiting in its buffer now.</param>
/// <param name="QueueCapacity">Elements its buffer may hold now; 0 for a stage without one.</param>
/// <param name="ParallelCalls">Calls it may have running at once now; 1 for a sequential stage.</param>
public sealed record StageReport(
    string Name,
    long Elements,
    long Errors,
    TimeSpan Busy,
    TimeSpan InputWait,
    TimeSpan OutputWait,
    int QueueDepth,
    int QueueCapacity,
    int ParallelCalls);
