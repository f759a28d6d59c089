using System.Text;

namespace TfRunner.Onnx.Host.Kernels.Text;

/// <summary>Unicode's full case mappings that do not depend on a language. Source: Unicode's SpecialCasing.txt.</summary>
internal static class LetterCase
{
    private static readonly Dictionary<int, string> Upper = new()
    {
        [0xDF] = "SS",
        [0x149] = "\u02BCN",
        [0x1F0] = "J\u030C",
        [0x390] = "\u0399\u0308\u0301",
        [0x3B0] = "\u03A5\u0308\u0301",
        [0x587] = "\u0535\u0552",
        [0x1E96] = "H\u0331",
        [0x1E97] = "T\u0308",
        [0x1E98] = "W\u030A",
        [0x1E99] = "Y\u030A",
        [0x1E9A] = "A\u02BE",
        [0xFB00] = "FF",
        [0xFB01] = "FI",
        [0xFB02] = "FL",
        [0xFB03] = "FFI",
        [0xFB04] = "FFL",
        [0xFB05] = "ST",
        [0xFB06] = "ST",
        [0xFB13] = "\u0544\u0546",
        [0xFB14] = "\u0544\u0535",
        [0xFB15] = "\u0544\u053B",
        [0xFB16] = "\u054E\u0546",
        [0xFB17] = "\u0544\u053D",
    };

    public static string ToUpper(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(Upper.GetValueOrDefault(rune.Value) ?? Rune.ToUpperInvariant(rune).ToString());
        }

        return result.ToString();
    }

    /// <summary>Small letters; a capital sigma at the end of a word becomes the final form.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text in small letters.</returns>
    public static string ToLower(string text)
    {
        var result = new StringBuilder(text.Length);
        var runes = text.EnumerateRunes().ToArray();
        for (var i = 0; i < runes.Length; i++)
        {
            var isFinal = runes[i].Value == 0x3A3 && i > 0 && Rune.IsLetter(runes[i - 1]) && (i + 1 == runes.Length || !Rune.IsLetter(runes[i + 1]));
            result.Append(runes[i].Value == 0x130 ? "i\u0307" : isFinal ? "\u03C2" : Rune.ToLowerInvariant(runes[i]).ToString());
        }

        return result.ToString();
    }
}
