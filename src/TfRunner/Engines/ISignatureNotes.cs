namespace TfRunner.Engines;

/// <summary>A loaded model that has more to say about signatures that run: what about them is out of the ordinary.</summary>
public interface ISignatureNotes
{
    /// <summary>What a user may want to know of a signature in a mode, found without running it.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="mode">The engine's own name of the mode.</param>
    /// <returns>One line per note; empty when there is nothing to say.</returns>
    IReadOnlyList<string> Notes(Signature signature, string mode);
}
