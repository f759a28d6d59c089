using TfRunner;
using TfRunner.Data.Formats.Numpy;

using var model = Model.Load("saved_models/digits_cnn");
using var predictor = model.Predictor("serving_default");
using var inputs = NpzReader.Open("saved_models/digits_cnn/inputs.npz");
var outputs = predictor.Predict(inputs.ReadAll());
Console.WriteLine($"probabilities: {outputs["probabilities"]}");
