namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Converters of related ops. Each family stands in a file of its own and is named in <see cref="OperatorRegistry"/>.</summary>
internal interface IOperatorFamily
{
    /// <summary>Registers the family's converters.</summary>
    /// <param name="registry">Where to.</param>
    void Register(OperatorRegistry registry);
}
