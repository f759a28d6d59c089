using TfRunner.TensorFlow.Library;

namespace TfRunner.TensorFlow.Tests.Library;

public sealed class LibraryFinderTests
{
    public static TheoryData<string, string, string[], string, string, string?> Found => new()
    {
        { "Linux", "", ["/home/ada/.local/share/tfrunner/tensorflow/libtensorflow.so.2", "/home/ada/.local/share/tfrunner/tensorflow/libtensorflow_framework.so.2"], "native install", "/home/ada/.local/share/tfrunner/tensorflow/libtensorflow.so.2", "/home/ada/.local/share/tfrunner/tensorflow/libtensorflow_framework.so.2" },
        { "Linux", "XDG_DATA_HOME=/data", ["/data/tfrunner/tensorflow/libtensorflow_cc.so.2"], "native install", "/data/tfrunner/tensorflow/libtensorflow_cc.so.2", null },
        { "Linux", "", ["/app/libtensorflow.so.2"], "application files", "/app/libtensorflow.so.2", null },
        { "Linux", "", ["/app/runtimes/linux-x64/native/libtensorflow.so"], "application files", "/app/runtimes/linux-x64/native/libtensorflow.so", null },
        { "Linux", "", ["/home/ada/.nuget/packages/scisharp.tensorflow.redist-linux-gpu/2.10.0/runtimes/linux-x64/native/libtensorflow.so.2", "/home/ada/.nuget/packages/scisharp.tensorflow.redist-linux-gpu/2.9.1/runtimes/linux-x64/native/libtensorflow.so.2"], "NuGet package", "/home/ada/.nuget/packages/scisharp.tensorflow.redist-linux-gpu/2.10.0/runtimes/linux-x64/native/libtensorflow.so.2", null },
        { "Linux", "LD_LIBRARY_PATH=/opt/a:/opt/tf", ["/opt/tf/libtensorflow.so.2", "/usr/lib/libtensorflow.so.2"], "system library path", "/opt/tf/libtensorflow.so.2", null },
        { "Linux", "", ["/usr/local/lib/libtensorflow.so.2", "/usr/local/lib/libtensorflow_framework.so.2"], "system library path", "/usr/local/lib/libtensorflow.so.2", "/usr/local/lib/libtensorflow_framework.so.2" },
        { "Linux", "VIRTUAL_ENV=/work/venv", ["/work/venv/lib/python3.11/site-packages/tensorflow/libtensorflow_cc.so.2", "/work/venv/lib/python3.11/site-packages/tensorflow/libtensorflow_framework.so.2"], "Python package", "/work/venv/lib/python3.11/site-packages/tensorflow/libtensorflow_cc.so.2", "/work/venv/lib/python3.11/site-packages/tensorflow/libtensorflow_framework.so.2" },
        { "Linux", "CONDA_PREFIX=/opt/conda", ["/opt/conda/lib/python3.12/site-packages/tensorflow/libtensorflow_cc.so.2"], "Python package", "/opt/conda/lib/python3.12/site-packages/tensorflow/libtensorflow_cc.so.2", null },
        { "Linux", "PATH=/usr/bin", ["/usr/bin/python3", "/usr/lib/python3/dist-packages/tensorflow/libtensorflow_cc.so.2"], "Python package", "/usr/lib/python3/dist-packages/tensorflow/libtensorflow_cc.so.2", null },
        { "Linux", "", ["/home/ada/.local/lib/python3.11/site-packages/tensorflow/libtensorflow_cc.so.2"], "Python package", "/home/ada/.local/lib/python3.11/site-packages/tensorflow/libtensorflow_cc.so.2", null },
        { "Linux", "PYTHONPATH=/opt/site", ["/opt/site/tensorflow/libtensorflow_cc.so.2"], "Python package", "/opt/site/tensorflow/libtensorflow_cc.so.2", null },
        { "Windows", @"LOCALAPPDATA=C:\Users\ada\AppData\Local", [@"C:\Users\ada\AppData\Local\tfrunner\tensorflow\tensorflow.dll"], "native install", @"C:\Users\ada\AppData\Local\tfrunner\tensorflow\tensorflow.dll", null },
        { "Windows", "", [@"C:\app\runtimes\win-x64\native\tensorflow.dll"], "application files", @"C:\app\runtimes\win-x64\native\tensorflow.dll", null },
        { "Windows", "", [@"C:\Users\ada\.nuget\packages\scisharp.tensorflow.redist\2.16.0\runtimes\win-x64\native\tensorflow.dll"], "NuGet package", @"C:\Users\ada\.nuget\packages\scisharp.tensorflow.redist\2.16.0\runtimes\win-x64\native\tensorflow.dll", null },
        { "Windows", @"PATH=C:\Windows;D:\tf\lib", [@"D:\tf\lib\tensorflow.dll"], "system library path", @"D:\tf\lib\tensorflow.dll", null },
        { "Windows", @"VIRTUAL_ENV=C:\venv", [@"C:\venv\Lib\site-packages\tensorflow\tensorflow.dll"], "Python package", @"C:\venv\Lib\site-packages\tensorflow\tensorflow.dll", null },
        { "MacOS", "", ["/Users/ada/Library/Application Support/tfrunner/tensorflow/libtensorflow.2.dylib"], "native install", "/Users/ada/Library/Application Support/tfrunner/tensorflow/libtensorflow.2.dylib", null },
        { "MacOS", "", ["/opt/homebrew/lib/libtensorflow.2.dylib", "/opt/homebrew/lib/libtensorflow_framework.2.dylib"], "system library path", "/opt/homebrew/lib/libtensorflow.2.dylib", "/opt/homebrew/lib/libtensorflow_framework.2.dylib" },
        { "MacOS", "VIRTUAL_ENV=/v", ["/v/lib/python3.12/site-packages/tensorflow/libtensorflow_cc.2.dylib"], "Python package", "/v/lib/python3.12/site-packages/tensorflow/libtensorflow_cc.2.dylib", null },
    };

    [Theory]
    [MemberData(nameof(Found))]
    public void The_library_is_found(string platform, string variable, string[] files, string source, string file, string? framework)
    {
        var machine = new DescribedMachine(Enum.Parse<NativePlatform>(platform)).With(files);
        if (variable.Split('=') is [var name, var value])
        {
            machine.Set(name, value);
        }

        var place = new LibraryFinder(machine).Places(null).First(static p => p.File is not null);

        Assert.Equal((source, file, framework), (place.Source, place.File, place.Framework));
        Assert.False(place.IsExplicit);
    }

    [Fact]
    public void A_link_to_the_interpreter_leads_to_its_packages()
    {
        var machine = new DescribedMachine(NativePlatform.Linux)
            .Set("PATH", "/usr/bin")
            .Link("/usr/bin/python3", "/opt/python/bin/python3.11")
            .With("/opt/python/lib/python3.11/site-packages/tensorflow/libtensorflow_cc.so.2");

        Assert.Contains(
            new LibraryFinder(machine).Places(null),
            static p => p.File == "/opt/python/lib/python3.11/site-packages/tensorflow/libtensorflow_cc.so.2");
    }

    [Fact]
    public void The_folder_into_which_a_program_of_one_file_unpacked_itself_is_looked_at()
    {
        const string Folder = "/home/ada/.net/app/x1";
        var machine = new DescribedMachine(NativePlatform.Linux).LoadsNativeFilesFrom("/app/", Folder + "/").With(Folder + "/libtensorflow.so");

        var place = new LibraryFinder(machine).Places(null).First(static p => p.File is not null);

        Assert.Equal(("application files", Folder + "/libtensorflow.so"), (place.Source, place.File));
    }

    [Fact]
    public void The_version_in_use_is_found_in_the_store()
    {
        const string Store = "/home/ada/.local/share/tfrunner/tensorflow";
        var machine = new DescribedMachine(NativePlatform.Linux)
            .Text(Store + "/current", "2.18.0")
            .With(Store + "/versions/2.18.0/libtensorflow.so.2", Store + "/versions/2.21.0/libtensorflow.so.2");

        Assert.Equal(Store + "/versions/2.18.0", new LibraryFinder(machine).Places(null).First().Directory);
    }

    [Fact]
    public void Folders_that_the_loader_is_configured_with_are_looked_at()
    {
        var machine = new DescribedMachine(NativePlatform.Linux)
            .Text("/etc/ld.so.conf", "# comment", "/opt/first/lib", "include /etc/ld.so.conf.d/*.conf")
            .Text("/etc/ld.so.conf.d/tensorflow.conf", "/opt/tf/lib")
            .With("/opt/tf/lib/libtensorflow.so.2");

        Assert.Equal("/opt/tf/lib/libtensorflow.so.2", new LibraryFinder(machine).Places(null).First(static p => p.File is not null).File);
    }

    [Fact]
    public void Places_come_in_the_order_of_the_design()
    {
        var machine = new DescribedMachine(NativePlatform.Linux)
            .Set("VIRTUAL_ENV", "/v")
            .With(
                "/v/lib/python3.11/site-packages/tensorflow/libtensorflow_cc.so.2",
                "/usr/lib/libtensorflow.so.2",
                "/home/ada/.nuget/packages/scisharp.tensorflow.redist/2.16.0/runtimes/linux-x64/native/libtensorflow.so.2",
                "/app/libtensorflow.so.2",
                "/home/ada/.local/share/tfrunner/tensorflow/libtensorflow.so.2");

        Assert.Equal(
            ["native install", "application files", "NuGet package", "system library path", "Python package"],
            new LibraryFinder(machine).Places(null).Where(static p => p.File is not null).Select(static p => p.Source));
    }

    [Theory]
    [InlineData("/tf", "/tf/libtensorflow.so.2")]
    [InlineData("/tf", "/tf/lib/libtensorflow.so.2")]
    [InlineData("/tf", "/tf/site-packages/tensorflow/libtensorflow_cc.so.2")]
    [InlineData("/tf/custom.so", "/tf/custom.so")]
    public void A_named_place_is_the_only_one(string named, string file)
    {
        var machine = new DescribedMachine(NativePlatform.Linux).With(file, "/app/libtensorflow.so.2");

        var place = Assert.Single(new LibraryFinder(machine).Places(named));

        Assert.Equal((file, true), (place.File, place.IsExplicit));
    }

    [Fact]
    public void The_option_wins_over_the_variable()
    {
        var machine = new DescribedMachine(NativePlatform.Linux)
            .Set(LibraryFinder.Variable, "/variable")
            .With("/variable/libtensorflow.so.2", "/option/libtensorflow.so.2");

        Assert.Equal("/option/libtensorflow.so.2", Assert.Single(new LibraryFinder(machine).Places("/option")).File);
        Assert.Equal("/variable/libtensorflow.so.2", Assert.Single(new LibraryFinder(machine).Places(null)).File);
    }
}
