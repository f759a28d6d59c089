using NumSharp;
using TfRunner;

namespace Migration;

/// <summary>The same call again and again, over arrays that stay where they are.</summary>
internal static class ManyCalls
{
    public static void Run(string folder)
    {
        #region shown
        using var model = Model.Load(folder);
        using var predictor = model.Predictor();
        NDArray image = NumSharpConversions.AlignedZeros(NPTypeCode.Single, 1, 8, 8, 1);
        NDArray probabilities = NumSharpConversions.AlignedZeros(NPTypeCode.Single, 1, 10);

        using var call = predictor.Bind([image], [probabilities]);
        for (var i = 0; i < 8; i++)
        {
            image[0, i, i, 0] = 1f;
            call.Run();
            Console.WriteLine($"{i + 1} pixels: class {np.argmax(probabilities)}");
        }
        #endregion
    }
}
