using System.Text;
using TfRunner.SavedModels.Protos;

namespace TfRunner.SavedModels.Tests;

public sealed class OpenErrorTests
{
    [Theory]
    [InlineData("model.keras", "PK\u0003\u0004....", "a Keras 3 archive", "export")]
    [InlineData("model.h5", "?HDF\r\n\u001a\n....", "a Keras HDF5 file", "export")]
    [InlineData("model.weights.h5", "?HDF\r\n\u001a\n....", "Keras weights without a model", "export")]
    [InlineData("model.onnx", "\u0008\u0007", "an ONNX model", "SavedModel")]
    [InlineData("model.tflite", "....TFL3....", "a TensorFlow Lite model", "SavedModel")]
    [InlineData("model.ckpt.index", "x", "a TensorFlow checkpoint", "restore")]
    [InlineData("model.data-00000-of-00001", "x", "checkpoint's shard", "restore")]
    [InlineData("model.zip", "PK\u0003\u0004....", "a ZIP archive", "unpack")]
    [InlineData("notes.txt", "hello", "is not a SavedModel", "saved_model.pb")]
    public void What_is_no_SavedModel_is_named_with_a_way_out(string name, string contents, string what, string hint)
    {
        using var scratch = new ScratchFolder();
        var bytes = Encoding.Latin1.GetBytes(contents);
        if (contents[0] == '?')
        {
            bytes[0] = 0x89;
        }

        var error = Refused(scratch.Write(name, bytes));
        Assert.Equal(ErrorCode.FailedPrecondition, error.Code);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("checkpoint", "a TensorFlow checkpoint")]
    [InlineData("variables/variables.index", "incomplete")]
    [InlineData("model.keras", "model.keras")]
    [InlineData("inner/saved_model.pb", "holds no saved_model.pb")]
    public void A_directory_without_a_model_says_what_it_holds(string file, string what)
    {
        using var scratch = new ScratchFolder();
        var directory = Directory.CreateDirectory(Path.Combine(scratch.Path, "d")).FullName;
        if (file.Length > 0)
        {
            scratch.Write(Path.Combine("d", file), [1]);
        }

        Assert.Contains(what, Refused(directory).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_does_not_exist_is_answered_with_the_nearest()
    {
        using var scratch = new ScratchFolder();
        new ModelBuilder().Write(scratch, "digits");
        var error = Refused(Path.Combine(scratch.Path, "digit"));
        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.Equal("did you mean 'digits'?", error.Hint);
    }

    [Fact]
    public void A_link_that_leads_to_itself_is_refused()
    {
        using var scratch = new ScratchFolder();
        var path = Path.Combine(scratch.Path, "loop");
        File.CreateSymbolicLink(path, path);
        Refused(path);
    }

    [Fact]
    public void A_truncated_file_is_named_with_the_offset()
    {
        using var scratch = new ScratchFolder();
        var file = Path.Combine(new ModelBuilder().Node("a", "Placeholder").Write(scratch), "saved_model.pb");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^3]);
        var error = Refused(file);
        Assert.Equal(ErrorCode.DataLoss, error.Code);
        Assert.Contains("saved_model.pb is damaged at byte", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("")]
    public void An_asset_outside_the_directory_is_refused(string name)
    {
        using var scratch = new ScratchFolder();
        var builder = new ModelBuilder();
        builder.Meta.AssetFileDef.Add(new AssetFileDef { Filename = name, TensorInfo = new() { Name = "a:0" } });
        Assert.Equal(ErrorCode.PermissionDenied, Refused(builder.Write(scratch)).Code);
    }

    private static TfRunnerException Refused(string path)
    {
        var error = Assert.Throws<TfRunnerException>(() => SavedModel.Open(path));
        Assert.Equal(ErrorStage.Load, error.Stage);
        return error;
    }
}
