namespace TfRunner.TensorFlow.Native;

/// <summary>Looks names up in the loaded libraries and remembers those that are missing.</summary>
/// <param name="find">Gives a symbol's address, or zero. Names moved between TensorFlow's libraries, so it asks all of them.</param>
internal sealed class SymbolTable(Func<string, IntPtr> find)
{
    private readonly List<string> missingRequired = [];
    private readonly List<string> missingOptional = [];

    /// <summary>Names without which nothing works.</summary>
    public IReadOnlyList<string> MissingRequired => missingRequired;

    /// <summary>Names without which one feature is off.</summary>
    public IReadOnlyList<string> MissingOptional => missingOptional;

    public IntPtr Required(string name) => Find(name, missingRequired);

    public IntPtr Optional(string name) => Find(name, missingOptional);

    private IntPtr Find(string name, List<string> missing)
    {
        var address = find(name);
        if (address == IntPtr.Zero)
        {
            missing.Add(name);
        }

        return address;
    }
}
