using WithTensorFlowNet;

// usage: WithTensorFlowNet [MODEL]
KeepArrays.Run(args is [var named] ? named : "saved_models/digits_cnn");
