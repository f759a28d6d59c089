using System.Diagnostics;
using System.Text;

namespace TfRunner.TensorFlow.Library.Install;

/// <summary>Runs a package client that the user has set up, such as <c>dotnet</c> or <c>pip</c>.</summary>
internal static class ClientProcess
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs a client to its end.</summary>
    /// <param name="program">Its name on PATH, or its path.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="folder">Where it runs and what it downloads to.</param>
    /// <param name="tick">Called a few times a second while it runs.</param>
    /// <param name="cancellationToken">Ends it and its children.</param>
    /// <returns>Its exit code and what it printed; null when there is no such program.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static (int ExitCode, string Output)? Run(
        string program, IEnumerable<string> arguments, string folder, Action tick, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Messages are matched by their codes, but shown to the user: in the language of the rest of the output.
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        using (process)
        {
            var output = new StringBuilder();
            void Keep(object sender, DataReceivedEventArgs e)
            {
                lock (output)
                {
                    output.AppendLine(e.Data);
                }
            }

            process!.OutputDataReceived += Keep;
            process.ErrorDataReceived += Keep;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            process.StandardInput.Close();
            try
            {
                while (!process.WaitForExit(Interval))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    tick();
                }
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                throw;
            }

            process.WaitForExit();
            lock (output)
            {
                return (process.ExitCode, output.ToString());
            }
        }
    }

    /// <summary>The bytes below a folder, as far as they can be seen.</summary>
    public static long LengthOf(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(static f => f.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // A file went away while it was looked at.
        }
    }
}
