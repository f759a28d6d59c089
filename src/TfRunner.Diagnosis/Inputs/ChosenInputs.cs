namespace TfRunner.Diagnosis.Inputs;

/// <summary>The inputs of an experiment's calls at one batch size.</summary>
/// <param name="Batch">Rows; 0 where the inputs have no batch dimension or the user's file goes in whole.</param>
/// <param name="Tensors">One per input; disposed with this.</param>
/// <param name="Recipe">The guess they were made by; -1 for the user's own.</param>
/// <param name="Description">Where they come from, in one line.</param>
internal sealed record ChosenInputs(int Batch, TensorValue[] Tensors, int Recipe, string Description) : IDisposable
{
    public void Dispose() => Array.ForEach(Tensors, static t => t.Dispose());
}
