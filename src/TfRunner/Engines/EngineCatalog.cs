using System.Reflection;

namespace TfRunner.Engines;

/// <summary>The engines that are present, in the order in which <c>auto</c> tries them.</summary>
public static class EngineCatalog
{
    private static readonly string[] EngineAssemblies = ["TfRunner.TensorFlow", "TfRunner.Onnx", "TfRunner.TensorFlowNet"];

    private static readonly Lazy<IReadOnlyList<IEngineProvider>> All = new(FindProviders);

    /// <summary>One provider per engine assembly beside this one.</summary>
    public static IReadOnlyList<IEngineProvider> Providers => All.Value;

    /// <summary>Finds an engine by name.</summary>
    /// <param name="name">Such as <c>tensorflow</c>.</param>
    /// <returns>Its provider.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument, naming the engines that exist.</exception>
    public static IEngineProvider Find(string name)
    {
        return Providers.FirstOrDefault(p => p.Name == name)
            ?? throw new TfRunnerException(
                ErrorCode.InvalidArgument,
                ErrorStage.Usage,
                $"there is no engine '{name}'",
                $"use one of: auto, {string.Join(", ", Providers.Select(static p => p.Name))}");
    }

    private static List<IEngineProvider> FindProviders()
    {
        var providers = new List<IEngineProvider>();
        foreach (var name in EngineAssemblies)
        {
            Assembly assembly;
            try
            {
                assembly = Assembly.Load(name);
            }
            catch (FileNotFoundException)
            {
                continue; // The application was built without this engine.
            }

            if (assembly.GetCustomAttribute<EngineProviderAttribute>() is { } attribute)
            {
                providers.Add((IEngineProvider)Activator.CreateInstance(attribute.Provider)!);
            }
        }

        return providers;
    }
}
