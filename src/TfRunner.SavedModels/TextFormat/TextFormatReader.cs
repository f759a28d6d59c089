using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace TfRunner.TextFormat;

/// <summary>
/// Reads protobuf's text format into its binary form, guided by a message's descriptor: the parser of the binary form then
/// builds the message, so both forms pass the same checks. Fields the descriptor does not know are skipped, as the binary
/// parser does; so is an expanded <c>google.protobuf.Any</c>, whose type is not known here.
/// Source: Text Format Language Specification (protobuf.dev).
/// </summary>
internal sealed class TextFormatReader
{
    // The depth at which the binary parser stops too; bounds the stack.
    private const int MaxDepth = 100;

    private readonly TextScanner scanner;
    private TextToken token;

    private TextFormatReader(string path, byte[] text)
    {
        scanner = new(path, text);
        token = scanner.Next();
    }

    /// <summary>Transcodes a whole file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="text">Its contents.</param>
    /// <param name="descriptor">The message that it holds.</param>
    /// <returns>The message in binary form.</returns>
    /// <exception cref="TfRunnerException">DataLoss, naming file, offset, line and column.</exception>
    public static byte[] ToBinary(string path, byte[] text, MessageDescriptor descriptor)
    {
        var reader = new TextFormatReader(path, text);
        using var buffer = new MemoryStream(text.Length / 2);
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
        {
            reader.ReadFields(descriptor, output, 0);
            if (reader.token.Kind != TextTokenKind.End)
            {
                throw reader.Error("a message ends twice");
            }
        }

        return buffer.ToArray();
    }

    /// <summary>Whether a file's beginning looks like text: binary messages start with a tag, which is a control character here.</summary>
    /// <param name="contents">The file.</param>
    /// <returns>True when there is no control character at its beginning.</returns>
    public static bool LooksLikeText(ReadOnlySpan<byte> contents)
    {
        foreach (var b in contents[..Math.Min(contents.Length, 512)])
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r'))
            {
                return false;
            }
        }

        return !contents.IsEmpty;
    }

    private TfRunnerException Error(string what) => scanner.Error(token.Offset, what);

    private void Advance() => token = scanner.Next();

    private bool Take(char symbol)
    {
        if (!token.Is(symbol))
        {
            return false;
        }

        Advance();
        return true;
    }

    private void ReadFields(MessageDescriptor descriptor, CodedOutputStream output, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Error("messages are nested too deeply");
        }

        while (token.Kind == TextTokenKind.Identifier || token.Is('['))
        {
            if (token.Is('['))
            {
                SkipBracketedName();
                SkipFieldValue(depth);
            }
            else if (descriptor.FindFieldByName(token.Text) is { } field)
            {
                Advance();
                ReadField(field, output, depth);
            }
            else
            {
                Advance();
                SkipFieldValue(depth);
            }

            _ = Take(',') || Take(';');
        }
    }

    private void ReadField(FieldDescriptor field, CodedOutputStream output, int depth)
    {
        var hasColon = Take(':');
        if (!hasColon && field.FieldType != FieldType.Message)
        {
            throw Error($"':' is missing after '{field.Name}'");
        }

        if (!field.IsRepeated || !Take('['))
        {
            ReadValue(field, output, depth);
            return;
        }

        while (!Take(']'))
        {
            ReadValue(field, output, depth);
            if (!Take(',') && !token.Is(']'))
            {
                throw Error($"the list '{field.Name}' does not end");
            }
        }
    }

    private void ReadValue(FieldDescriptor field, CodedOutputStream output, int depth)
    {
        if (field.FieldType == FieldType.Message)
        {
            ReadMessage(field, output, depth);
            return;
        }

        var start = token;
        output.WriteTag(field.FieldNumber, WireTypeOf(field.FieldType));
        switch (field.FieldType)
        {
            case FieldType.String or FieldType.Bytes:
                output.WriteBytes(UnsafeByteOperations.UnsafeWrap(ReadStrings()));
                break;
            case FieldType.Bool: output.WriteBool(ReadBool()); break;
            case FieldType.Enum: output.WriteEnum(ReadEnum(field.EnumType)); break;
            case FieldType.Float: output.WriteFloat((float)ReadDouble(isSingle: true)); break;
            case FieldType.Double: output.WriteDouble(ReadDouble(isSingle: false)); break;
            case FieldType.Int32: output.WriteInt32((int)ReadInteger(int.MinValue, int.MaxValue)); break;
            case FieldType.Int64: output.WriteInt64((long)ReadInteger(long.MinValue, long.MaxValue)); break;
            case FieldType.SInt64: output.WriteSInt64((long)ReadInteger(long.MinValue, long.MaxValue)); break;
            case FieldType.SInt32: output.WriteSInt32((int)ReadInteger(int.MinValue, int.MaxValue)); break;
            case FieldType.UInt32: output.WriteUInt32((uint)ReadInteger(0, uint.MaxValue)); break;
            case FieldType.UInt64: output.WriteUInt64((ulong)ReadInteger(0, ulong.MaxValue)); break;
            case FieldType.Fixed32: output.WriteFixed32((uint)ReadInteger(0, uint.MaxValue)); break;
            case FieldType.Fixed64: output.WriteFixed64((ulong)ReadInteger(0, ulong.MaxValue)); break;
            case FieldType.SFixed32: output.WriteSFixed32((int)ReadInteger(int.MinValue, int.MaxValue)); break;
            case FieldType.SFixed64: output.WriteSFixed64((long)ReadInteger(long.MinValue, long.MaxValue)); break;
            default: throw scanner.Error(start.Offset, $"'{field.Name}' has a type that the text format here does not cover");
        }
    }

    private static WireFormat.WireType WireTypeOf(FieldType type) => type switch
    {
        FieldType.String or FieldType.Bytes => WireFormat.WireType.LengthDelimited,
        FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => WireFormat.WireType.Fixed32,
        FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => WireFormat.WireType.Fixed64,
        _ => WireFormat.WireType.Varint,
    };

    private void ReadMessage(FieldDescriptor field, CodedOutputStream output, int depth)
    {
        var end = Opening($"'{field.Name}' must be a message");
        using var buffer = new MemoryStream();
        using (var nested = new CodedOutputStream(buffer, leaveOpen: true))
        {
            ReadFields(field.MessageType, nested, depth + 1);
        }

        if (!Take(end))
        {
            throw Error($"'{end}' is missing");
        }

        output.WriteTag(field.FieldNumber, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(buffer.GetBuffer().AsMemory(0, (int)buffer.Length)));
    }

    private char Opening(string message) => Take('{') ? '}' : Take('<') ? '>' : throw Error(message);

    private byte[] ReadStrings()
    {
        if (token.Kind != TextTokenKind.String)
        {
            throw Error("a string is missing");
        }

        var first = token.Bytes!;
        Advance();
        if (token.Kind != TextTokenKind.String)
        {
            return first;
        }

        var joined = new List<byte>(first);
        while (token.Kind == TextTokenKind.String)
        {
            joined.AddRange(token.Bytes!);
            Advance();
        }

        return [.. joined];
    }

    private bool ReadBool()
    {
        bool? value = token.Text switch
        {
            "true" or "True" or "t" or "1" => true,
            "false" or "False" or "f" or "0" => false,
            _ => null,
        };
        var result = value ?? throw Error("true or false is missing");
        Advance();
        return result;
    }

    private int ReadEnum(EnumDescriptor type)
    {
        if (token.Kind != TextTokenKind.Identifier)
        {
            return (int)ReadInteger(int.MinValue, int.MaxValue);
        }

        var number = type.FindValueByName(token.Text)?.Number ?? throw Error($"{type.Name} has no value '{token.Text}'");
        Advance();
        return number;
    }

    private Int128 ReadInteger(Int128 least, Int128 most)
    {
        var isNegative = Take('-');
        var letters = token.Text;
        if (token.Kind != TextTokenKind.Number || !TryParse(letters, out var value))
        {
            throw Error("an integer is missing");
        }

        value = isNegative ? -value : value;
        if (value < least || value > most)
        {
            throw Error("an integer is out of range");
        }

        Advance();
        return value;
    }

    private static bool TryParse(string letters, out Int128 value)
    {
        value = 0;
        if (letters.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            var isHex = ulong.TryParse(letters.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex);
            value = hex;
            return isHex;
        }

        if (letters.Length < 2 || letters[0] != '0')
        {
            var isDecimal = ulong.TryParse(letters, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            value = number;
            return isDecimal;
        }

        foreach (var c in letters)
        {
            if (c is < '0' or > '7' || value > ulong.MaxValue)
            {
                return false;
            }

            value = (value * 8) + (c - '0');
        }

        return true;
    }

    private double ReadDouble(bool isSingle)
    {
        var isNegative = Take('-');
        double value;
        var letters = token.Text;
        if (token.Kind == TextTokenKind.Identifier)
        {
            value = letters.ToUpperInvariant() switch
            {
                "INF" or "INFINITY" => double.PositiveInfinity,
                "NAN" => double.NaN,
                _ => throw Error("a number is missing"),
            };
        }
        else if (token.Kind != TextTokenKind.Number)
        {
            throw Error("a number is missing");
        }
        else if (letters.Contains('x', StringComparison.OrdinalIgnoreCase) && TryParse(letters, out var integer))
        {
            value = (double)integer;
        }
        else
        {
            letters = letters.TrimEnd('f', 'F');

            // Parsed as the type itself: rounding twice could end one unit away.
            var isNumber = isSingle
                ? float.TryParse(letters, NumberStyles.Float, CultureInfo.InvariantCulture, out var single) & (value = single) == value
                : double.TryParse(letters, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
            if (!isNumber)
            {
                throw Error("a number cannot be read");
            }
        }

        Advance();
        return isNegative ? -value : value;
    }

    private void SkipBracketedName()
    {
        while (!token.Is(']'))
        {
            if (token.Kind == TextTokenKind.End)
            {
                throw Error("']' is missing");
            }

            Advance();
        }

        Advance();
    }

    private void SkipFieldValue(int depth)
    {
        _ = Take(':');
        if (!Take('['))
        {
            SkipValue(depth);
            return;
        }

        while (!Take(']'))
        {
            SkipValue(depth);
            if (!Take(',') && !token.Is(']'))
            {
                throw Error("a list does not end");
            }
        }
    }

    private void SkipValue(int depth)
    {
        if (token.Kind == TextTokenKind.String)
        {
            _ = ReadStrings();
            return;
        }

        if (token.Is('{') || token.Is('<'))
        {
            SkipMessage(depth + 1);
            return;
        }

        _ = Take('-');
        if (token.Kind is not (TextTokenKind.Identifier or TextTokenKind.Number))
        {
            throw Error("a value is missing");
        }

        Advance();
    }

    private void SkipMessage(int depth)
    {
        if (depth > MaxDepth)
        {
            throw Error("messages are nested too deeply");
        }

        var end = Opening("a message is missing");
        while (!Take(end))
        {
            if (token.Is('['))
            {
                SkipBracketedName();
            }
            else if (token.Kind == TextTokenKind.Identifier)
            {
                Advance();
            }
            else
            {
                throw Error($"'{end}' is missing");
            }

            SkipFieldValue(depth);
            _ = Take(',') || Take(';');
        }
    }
}
