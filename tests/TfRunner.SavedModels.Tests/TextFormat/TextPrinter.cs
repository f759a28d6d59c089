using System.Collections;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace TfRunner.SavedModels.Tests.TextFormat;

/// <summary>Prints messages as text, in all the ways the format allows, as the random numbers fall.</summary>
internal sealed class TextPrinter(Random random)
{
    private readonly StringBuilder text = new();
    private readonly Stack<string> closings = new();

    public static string Print(IMessage message, int seed)
    {
        var printer = new TextPrinter(new(seed));
        printer.PrintFields(message);
        return printer.text.ToString();
    }

    private void PrintFields(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (field.IsMap)
            {
                foreach (DictionaryEntry entry in (IDictionary)value)
                {
                    text.Append(field.Name).Append(Opening()).Append(" key: ");
                    PrintScalar(entry.Key);
                    text.Append(Pick(" ", ", ", "; ")).Append("value");
                    PrintValue(entry.Value!);
                    text.Append(Closing());
                }
            }
            else if (field.IsRepeated)
            {
                PrintList(field, (IList)value);
            }
            else if (field.ContainingOneof is { } oneof ? oneof.Accessor.GetCaseFieldDescriptor(message) == field : IsSet(value))
            {
                text.Append(field.Name);
                PrintValue(value);
                text.Append(Pick("\n", " ", "; ", " # a comment { \"\n"));
            }
        }
    }

    private static bool IsSet(object? value) => value switch
    {
        null => false,
        string s => s.Length > 0,
        ByteString b => b.Length > 0,
        bool b => b,
        IMessage => true,
        Enum e => Convert.ToInt32(e, CultureInfo.InvariantCulture) != 0,
        float f => BitConverter.SingleToInt32Bits(f) != 0,
        double d => BitConverter.DoubleToInt64Bits(d) != 0,
        _ => Convert.ToDecimal(value, CultureInfo.InvariantCulture) != 0,
    };

    private void PrintList(FieldDescriptor field, IList values)
    {
        if (random.Next(3) > 0 && values.Count > 0)
        {
            text.Append(field.Name).Append(": [");
            for (var i = 0; i < values.Count; i++)
            {
                text.Append(i > 0 ? ", " : "");
                if (values[i] is IMessage message)
                {
                    PrintMessage(message);
                }
                else
                {
                    PrintScalar(values[i]!);
                }
            }

            text.Append("]\n");
            return;
        }

        foreach (var value in values)
        {
            text.Append(field.Name);
            PrintValue(value!);
            text.Append('\n');
        }
    }

    private void PrintValue(object value)
    {
        if (value is IMessage message)
        {
            text.Append(Pick(" ", ": "));
            PrintMessage(message);
            return;
        }

        text.Append(": ");
        PrintScalar(value);
    }

    private void PrintMessage(IMessage message)
    {
        text.Append(Opening());
        PrintFields(message);
        text.Append(Closing());
    }

    private string Opening()
    {
        var isAngle = random.Next(2) == 0;
        closings.Push(isAngle ? ">" : "}");
        return isAngle ? " < " : " { ";
    }

    private string Closing() => closings.Pop() + " ";

    private void PrintScalar(object value)
    {
        switch (value)
        {
            case string s: PrintBytes(Encoding.UTF8.GetBytes(s)); break;
            case ByteString b: PrintBytes(b.ToByteArray()); break;
            case bool b: text.Append(b ? Pick("true", "True", "t", "1") : Pick("false", "False", "f", "0")); break;
            case Enum e:
                var number = Convert.ToInt32(e, CultureInfo.InvariantCulture);
                text.Append(number);
                break;
            case float.NaN or double.NaN: text.Append(Pick("nan", "NaN")); break;
            case float f: text.Append(float.IsInfinity(f) ? f > 0 ? Pick("inf", "Infinity") : Pick("-inf", "- infinity") : f.ToString("R", CultureInfo.InvariantCulture) + Pick("", "f")); break;
            case double d: text.Append(double.IsInfinity(d) ? d > 0 ? "inf" : "-inf" : d.ToString("R", CultureInfo.InvariantCulture)); break;
            case long l when l >= 0 && random.Next(3) == 0: text.Append(CultureInfo.InvariantCulture, $"0x{l:x}"); break;
            case int i when i >= 0 && random.Next(3) == 0: text.Append('0').Append(Convert.ToString(i, 8)); break;
            default: text.Append(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private void PrintBytes(byte[] bytes)
    {
        var quote = Pick("\"", "'");
        text.Append(quote);
        for (var i = 0; i < bytes.Length; i++)
        {
            var b = bytes[i];
            var nextIsDigit = i + 1 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]);
            text.Append(b switch
            {
                (byte)'\n' => "\\n",
                (byte)'\\' => "\\\\",
                (byte)'"' => "\\\"",
                (byte)'\'' => "\\'",
                >= 0x20 and < 0x7f => ((char)b).ToString(),
                _ when !nextIsDigit && random.Next(2) == 0 => $"\\x{b:x}",
                _ => "\\" + Convert.ToString(b, 8).PadLeft(3, '0'),
            });
            if (random.Next(40) == 0)
            {
                text.Append(quote).Append(Pick(" ", "\n")).Append(quote);
            }
        }

        text.Append(quote);
    }

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
