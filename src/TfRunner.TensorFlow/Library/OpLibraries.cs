using System.Text;
using TfRunner.TensorFlow.Analysis;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Library;

/// <summary>Libraries of further ops. They register themselves for the life of the process, each once.</summary>
internal static class OpLibraries
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Loaded = new(StringComparer.Ordinal);

    /// <summary>Loads a library unless it is loaded.</summary>
    /// <param name="file">Its path.</param>
    /// <exception cref="TfRunnerException">NotFound when there is no such file; otherwise the loader's reason.</exception>
    public static unsafe void Load(string file)
    {
        var path = Path.GetFullPath(file);
        lock (Gate)
        {
            if (Loaded.Contains(path))
            {
                return;
            }

            if (!File.Exists(path))
            {
                throw new TfRunnerException(ErrorCode.NotFound, ErrorStage.Engine, $"there is no op library {file}");
            }

            if (TensorFlowApi.Loaded.TF_LoadLibrary == null)
            {
                throw new TfRunnerException(
                    ErrorCode.Unimplemented, ErrorStage.Engine, $"this TensorFlow library lacks TF_LoadLibrary, so {file} cannot be loaded");
            }

            using var status = new StatusHandle();
            fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
            {
                _ = TensorFlowApi.Loaded.TF_LoadLibrary(name, status.Pointer);
            }

            status.ThrowIfError(
                ErrorStage.Engine, $"the op library {file} cannot be loaded", "it must have been built for the version of TensorFlow that 'tfrunner doctor' shows");
            Loaded.Add(path);
            OpCatalog.Forget();
        }
    }
}
