namespace TfRunner.Engines;

/// <summary>Names the engine provider of an assembly, so that the engine is found wherever its assembly is present.</summary>
/// <param name="provider">A type with a public parameterless constructor that implements <see cref="IEngineProvider"/>.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class EngineProviderAttribute(Type provider) : Attribute
{
    /// <summary>The provider's type.</summary>
    public Type Provider { get; } = provider;
}
