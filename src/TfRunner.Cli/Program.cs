using TfRunner.Cli;

return CommandLine.Run(args);
