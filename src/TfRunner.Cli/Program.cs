using System.CommandLine;

return new RootCommand("Runs TensorFlow SavedModels and says what each call costs.").Parse(args).Invoke();
