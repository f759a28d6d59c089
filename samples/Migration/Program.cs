using Migration;

// Runs one of the programs of docs/migration.md on a model that takes pictures or a table.
// usage: Migration load|feed|frozen|repeat MODEL, Migration rows|images MODEL FROM TO
switch (args)
{
    case ["load", var model]:
        LoadAndPredict.Run(model);
        break;
    case ["feed", var model]:
        FeedByName.Run(model);
        break;
    case ["frozen", var graph]:
        FrozenGraph.Run(graph);
        break;
    case ["repeat", var model]:
        ManyCalls.Run(model);
        break;
    case ["rows", var model, var from, var to]:
        Rows.Run(model, from, to);
        break;
    case ["images", var model, var from, var to]:
        Images.Run(model, from, to);
        break;
    default:
        Console.Error.WriteLine("usage: Migration load|feed|frozen|repeat MODEL, Migration rows|images MODEL FROM TO");
        return 2;
}

return 0;
