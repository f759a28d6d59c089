namespace TfRunner.Pictures;

/// <summary>What is made of a file that is damaged.</summary>
internal enum DamageTolerance
{
    /// <summary>It is refused.</summary>
    None,

    /// <summary>Decoding goes on as libjpeg does, which only warns; a file that ends too early is refused.</summary>
    Damaged,

    /// <summary>A file that ends too early is taken too, with what is missing of it in grey.</summary>
    CutOff,
}
