using System.CommandLine;
using TfRunner.Cli.Output;
using TfRunner.Engines;

namespace TfRunner.Cli.Commands;

/// <summary>The argument and options by which every command names a model and the engine that runs it.</summary>
internal sealed class ModelBinding
{
    private readonly Argument<string> model = new("MODEL")
    {
        Description = "a SavedModel directory, a directory of numbered versions, or the .pb or .pbtxt file",
    };

    private readonly Option<string> engine = new("--engine")
    {
        Description = "what computes: auto, tensorflow or onnx (default: auto, which takes tensorflow when its library is found)",
        DefaultValueFactory = static _ => TfRunner.ModelOptions.Auto,
        HelpName = "NAME",
    };

    private readonly Option<string?> mode = new("--mode")
    {
        Description = "how the engine is called: eager, graph or compiled, or the engine's own name (default: graph on tensorflow, compiled on onnx)",
        HelpName = "NAME",
    };

    private readonly Option<string?> signature = new("--signature")
    {
        Description = "the entry point (default: serving_default, or the only one)",
        HelpName = "NAME",
    };

    private readonly Option<string?> tensorFlow = new("--tensorflow")
    {
        Description = "the folder of TensorFlow's native library (default: TFRUNNER_TENSORFLOW, then the usual places)",
        HelpName = "DIR",
    };

    private readonly Option<string[]> opLibraries = new("--op-library")
    {
        Description = "a library of further ops to load first; may be repeated (default: none)",
        HelpName = "FILE",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> device = new("--device")
    {
        Description = "where to compute: cpu, gpu, gpu:1, ... (default: the engine chooses)",
        HelpName = "NAME",
    };

    private readonly Option<bool> memoryGrowth = new("--gpu-memory-growth")
    {
        Description = "take GPU memory as needed instead of all at once (default: off)",
    };

    private readonly Option<string?> executionProvider = new("--execution-provider")
    {
        Description = "ONNX Runtime's execution provider: cpu, cuda, tensorrt, directml, openvino (default: cpu)",
        HelpName = "NAME",
    };

    private readonly Option<int?> threads = Options.WholeNumber("--threads", "threads inside one op", 0, 1024, "0, the engine chooses");

    private readonly Option<int?> interThreads = Options.WholeNumber("--inter-threads", "threads across ops", 0, 1024, "0, the engine chooses");

    private readonly Option<string?> tags = new("--tags")
    {
        Description = "the tags of the meta graph, separated by commas (default: serve)",
        HelpName = "A,B",
    };

    private readonly Option<long?> version = new("--model-version")
    {
        Description = "which numbered version to take (default: the highest)",
        HelpName = "N",
    };

    /// <summary>The path that names the model.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <returns>The path.</returns>
    public string Path(ParseResult parsed) => parsed.GetRequiredValue(model);

    /// <summary>The entry point that was asked for; null takes the default.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <returns>The name.</returns>
    public string? Signature(ParseResult parsed) => parsed.GetValue(signature);

    /// <summary>The mode that was asked for; null takes the default.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <returns>The name.</returns>
    public string? Mode(ParseResult parsed) => parsed.GetValue(mode);

    public void AddTo(Command command)
    {
        command.Options.Add(engine);
        command.Options.Add(mode);
        AddModelTo(command);
    }

    /// <summary>Adds all but engine and mode, for commands that call a model in several modes.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withThreads">False for a command that has thread counts of its own.</param>
    public void AddModelTo(Command command, bool withThreads = true)
    {
        command.Arguments.Add(model);
        command.Options.Add(signature);
        AddEngineOptionsTo(command, withThreads);
        command.Options.Add(tags);
        command.Options.Add(version);
    }

    public void AddEngineOptionsTo(Command command, bool withThreads = true)
    {
        command.Options.Add(tensorFlow);
        command.Options.Add(opLibraries);
        command.Options.Add(device);
        command.Options.Add(memoryGrowth);
        command.Options.Add(executionProvider);
        if (withThreads)
        {
            command.Options.Add(threads);
        }

        command.Options.Add(interThreads);
    }

    public EngineOptions EngineOptions(ParseResult parsed) => new()
    {
        TensorFlowDirectory = parsed.GetValue(tensorFlow),
        OpLibraries = parsed.GetValue(opLibraries) ?? [],
        Device = parsed.GetValue(device),
        GpuMemoryGrowth = parsed.GetValue(memoryGrowth),
        ExecutionProvider = parsed.GetValue(executionProvider),
        IntraOpThreads = parsed.GetValue(threads) ?? 0,
        InterOpThreads = parsed.GetValue(interThreads) ?? 0,
    };

    public ModelOptions ModelOptions(ParseResult parsed) => new()
    {
        Engine = parsed.GetValue(engine) ?? TfRunner.ModelOptions.Auto,
        SavedModel = new SavedModelOptions
        {
            Tags = parsed.GetValue(tags)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Version = parsed.GetValue(version),
        },
        EngineOptions = EngineOptions(parsed),
    };

    /// <summary>The model and how it is loaded, engine and mode left out, as arguments for a process of the same command.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <returns>The arguments.</returns>
    public IReadOnlyList<string> Arguments(ParseResult parsed)
    {
        var arguments = new List<string> { Path(parsed) };
        void Add(string name, object? value)
        {
            if (value is not null)
            {
                arguments.Add(name);
                arguments.Add(FormattableString.Invariant($"{value}"));
            }
        }

        Add(signature.Name, parsed.GetValue(signature));
        Add(tensorFlow.Name, parsed.GetValue(tensorFlow));
        Array.ForEach(parsed.GetValue(opLibraries) ?? [], library => Add(opLibraries.Name, library));
        Add(device.Name, parsed.GetValue(device));
        Add(executionProvider.Name, parsed.GetValue(executionProvider));
        Add(threads.Name, parsed.GetValue(threads));
        Add(interThreads.Name, parsed.GetValue(interThreads));
        Add(tags.Name, parsed.GetValue(tags));
        Add(version.Name, parsed.GetValue(version));
        if (parsed.GetValue(memoryGrowth))
        {
            arguments.Add(memoryGrowth.Name);
        }

        return arguments;
    }

    /// <summary>Loads the model; says in one line when <c>auto</c> had to take the embedded engine.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="quiet">Whether to keep that to oneself.</param>
    /// <returns>The model; the caller disposes it.</returns>
    public Model Load(ParseResult parsed, bool quiet)
    {
        var options = ModelOptions(parsed);
        var loaded = Model.Load(Path(parsed), options);
        if (options.Engine == TfRunner.ModelOptions.Auto && loaded.Engine != EngineCatalog.Providers[0].Name && !quiet)
        {
            ErrorReport.WriteLine("note", $"{EngineCatalog.Providers[0].Name} is not on this machine; using the embedded engine ({loaded.Engine} {loaded.EngineVersion})");
        }

        return loaded;
    }
}
