using TfRunner.TensorFlow.Library;
using TfRunner.TensorFlow.Library.Install;

namespace TfRunner.TensorFlow.Tests.Library.Install;

/// <summary>What users are told of what the package clients said.</summary>
public sealed class ClientMessagesTests
{
    [Theory]
    [InlineData("/t/fetch.csproj : error NU1101: Unable to find package X. No packages exist with this id in source(s): a [/t/fetch.csproj]\n", "NU1101: Unable to find package X. No packages exist with this id in source(s): a")]
    [InlineData("/t/fetch.csproj : error NU1301: one\r\n/t/fetch.csproj : error NU1301: one\r\n/t/f.csproj : error NU1301: two\r\n", "NU1301: one; NU1301: two")]
    [InlineData("first\nNo space left on device\n", "No space left on device")]
    [InlineData("The application 'restore' does not exist.\nNo .NET SDKs were found.\nDownload a .NET SDK:\nhttps://example\n", "'dotnet' has no SDK, only a runtime")]
    [InlineData("", "it printed nothing")]
    public void NuGet_errors_are_told_once_each(string output, string reason) => Assert.Equal(reason, NuGetSource.Reason(output));

    [Theory]
    [InlineData("Looking in links: /x\nERROR: Could not find a version\nERROR: No matching distribution found for tensorflow-cpu\n", "No matching distribution found for tensorflow-cpu")]
    [InlineData("/usr/bin/python3: No module named pip\n", "/usr/bin/python3: No module named pip")]
    [InlineData("", "it printed nothing")]
    public void The_last_error_of_pip_is_told(string output, string reason) => Assert.Equal(reason, PipSource.Reason(output));

    [Theory]
    [InlineData("error : No space left on device : '/t/packages'", true)]
    [InlineData("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", true)]
    [InlineData("error : There is not enough space on the disk. : 'C:\\t'", true)]
    [InlineData("OSError: [Errno 122] Disk quota exceeded", true)]
    [InlineData("error NU1301: Unable to load the service index", false)]
    public void A_full_disk_is_recognised_in_what_clients_print(string output, bool isFull) => Assert.Equal(isFull, InstallErrors.IsFullDisk(output));

    [Theory]
    [InlineData("Linux", false, "SciSharp.TensorFlow.Redist")]
    [InlineData("Windows", false, "SciSharp.TensorFlow.Redist")]
    [InlineData("MacOS", false, "SciSharp.TensorFlow.Redist")]
    [InlineData("Linux", true, "SciSharp.TensorFlow.Redist-Linux-GPU")]
    [InlineData("Windows", true, "SciSharp.TensorFlow.Redist-Windows-GPU")]
    public void Each_platform_has_its_package(string platform, bool gpu, string id) =>
        Assert.Equal(id, NuGetSource.PackageId(Enum.Parse<NativePlatform>(platform), gpu));

    [Fact]
    public void There_is_no_package_for_GPUs_on_macOS() =>
        Assert.Equal(ErrorCode.Unimplemented, Assert.Throws<TfRunnerException>(static () => NuGetSource.PackageId(NativePlatform.MacOS, true)).Code);
}
