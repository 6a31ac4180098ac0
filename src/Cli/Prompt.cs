using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Salus.Crypto;

namespace Salus.Cli;

/// <summary>Asks for what must not stand on a command line: there it would be in the shell's history and in everyone's list of processes.</summary>
internal static class Prompt
{
    private const int MaxLength = 1024;

    /// <summary>The passphrase: SALUS_PASSPHRASE, else typed without echo.</summary>
    public static Secret Passphrase() => FromEnvironment("SALUS_PASSPHRASE") ?? Hidden("Passphrase: ", "SALUS_PASSPHRASE");

    /// <summary>A new passphrase: typed twice, unless it is in SALUS_PASSPHRASE.</summary>
    public static Secret NewPassphrase() => FromEnvironment("SALUS_PASSPHRASE") ?? HiddenTwice("New passphrase: ", "The same again: ", "SALUS_PASSPHRASE");

    /// <summary>The passphrase to change to: SALUS_NEW_PASSPHRASE, else typed twice.</summary>
    public static Secret ChangedPassphrase() => FromEnvironment("SALUS_NEW_PASSPHRASE") ?? HiddenTwice("New passphrase: ", "The same again: ", "SALUS_NEW_PASSPHRASE");

    /// <summary>An owner-held sequence key, as text: SALUS_SEQUENCE_KEY, else typed without echo.</summary>
    public static string SequenceKey()
    {
        if (Environment.GetEnvironmentVariable("SALUS_SEQUENCE_KEY") is { Length: > 0 } given)
            return given;
        using var typed = Hidden("Sequence key: ", "SALUS_SEQUENCE_KEY");
        return Encoding.UTF8.GetString(typed.Bytes);
    }

    /// <summary>A line that is no secret for long, such as a code from a mail: asked for at a terminal, else the next line of stdin.</summary>
    public static string Line(string question)
    {
        if (!Console.IsInputRedirected)
            Console.Error.Write(question);
        return Console.In.ReadLine()?.Trim() is { Length: > 0 } line
            ? line
            : throw new StoppedException($"Nothing was entered for \"{question.Trim()}\". Nothing was changed; run the command again.");
    }

    /// <summary>Yes or no; without a terminal no, unless the verb has an option for yes.</summary>
    public static bool Confirm(string question)
    {
        if (Console.IsInputRedirected)
            return false;
        Console.Error.Write(question + " [y/N] ");
        return Console.In.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    private static Secret? FromEnvironment(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? Secret.CopyOf(Encoding.UTF8.GetBytes(given)) : null;

    private static Secret HiddenTwice(string question, string again, string variable)
    {
        while (true)
        {
            var first = Hidden(question, variable);
            using var second = Hidden(again, variable);
            if (CryptographicOperations.FixedTimeEquals(first.Bytes, second.Bytes))
                return first;
            first.Dispose();
            Console.Error.WriteLine("The two are not the same.");
        }
    }

    private static Secret Hidden(string question, string variable)
    {
        if (Console.IsInputRedirected)
            throw new StoppedException(
                $"There is no terminal to ask \"{question.Trim()}\" at. Nothing was changed. Set {variable}, or run this at a terminal.", ExitCode.Usage);
        Console.Error.Write(question);
        var typed = ArrayPool<char>.Shared.Rent(MaxLength);
        var length = 0;
        try
        {
            for (; ; )
            {
                var key = Console.ReadKey(intercept: true);
                if (key.Key == ConsoleKey.Enter)
                    break;
                if (key.Key == ConsoleKey.Backspace)
                    length = Math.Max(0, length - 1);
                else if (key is { Key: ConsoleKey.U, Modifiers: ConsoleModifiers.Control })
                    length = 0;
                else if (!char.IsControl(key.KeyChar) && length < MaxLength)
                    typed[length++] = key.KeyChar;
            }
            Console.Error.WriteLine();
            if (length == 0)
                throw new StoppedException("Nothing was entered. Nothing was changed; run the command again.");
            var secret = new Secret(Encoding.UTF8.GetByteCount(typed, 0, length));
            Encoding.UTF8.GetBytes(typed.AsSpan(0, length), secret.Writable);
            return secret;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(typed.AsSpan()));
            ArrayPool<char>.Shared.Return(typed);
        }
    }
}
