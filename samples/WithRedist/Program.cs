using TfRunner;
using TfRunner.Data.Formats.Numpy;
using TfRunner.Engines;

// The Redist's library lies among this program's own files, however it was published; TfRunner finds it there.
var library = EngineCatalog.Find("tensorflow").Probe(new());
Console.WriteLine($"TensorFlow {library.Version} from {library.Location}");

var folder = args is [var named] ? named : "saved_models/digits_cnn";
using var model = Model.Load(folder, new() { Engine = "tensorflow" });
using var predictor = model.Predictor();
using var inputs = NpzReader.Open(Path.Combine(folder, "inputs.npz"));
var outputs = predictor.Predict(inputs.ReadAll());
Console.WriteLine($"probabilities: {outputs["probabilities"]}");
