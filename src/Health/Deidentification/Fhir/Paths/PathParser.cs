using System.Globalization;
using System.Text;

namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>Reads the part of FHIRPath (HL7, version 2.0.0) that rules of de-identification use.</summary>
internal sealed class PathParser
{
    public const int MaxLength = 4096;

    private const int MaxDepth = 64;

    /// <summary>Weakest first.</summary>
    private static readonly string[][] Levels =
    [
        ["implies"], ["or", "xor"], ["and"], ["in", "contains"], ["=", "!=", "~", "!~"], ["<=", ">=", "<", ">"], ["|"], ["is", "as"], ["+", "-", "&"],
        ["*", "/", "div", "mod"],
    ];

    private readonly string text;
    private int at, depth;

    private PathParser(string text) => this.text = text;

    public static PathNode Parse(string text)
    {
        if (text.Length > MaxLength)
            throw new PathException($"an expression is longer than {MaxLength} characters");
        var parser = new PathParser(text);
        var node = parser.Binary(0);
        parser.White();
        return parser.at == text.Length ? node : throw parser.Wrong("this is not understood");
    }

    private PathException Wrong(string what) => new($"{what}, at character {at + 1}");

    private PathNode Binary(int level)
    {
        if (level == Levels.Length)
            return Signed();
        if (level == 0 && ++depth > MaxDepth)
            throw Wrong("an expression is nested too deep");
        var left = Binary(level + 1);
        while (TakeOperator(Levels[level]) is { } found)
            left = found is "is" or "as" ? new TypeNode(left, TypeName(), found == "is") : new OperatorNode(found, left, Binary(level + 1));
        if (level == 0)
            depth--;
        return left;
    }

    private PathNode Signed()
    {
        White();
        if (Take('-'))
            return new OperatorNode("-", new LiteralNode(0m), Chain());
        Take('+');
        return Chain();
    }

    private PathNode Chain()
    {
        var node = Term();
        while (true)
        {
            White();
            if (Take('.'))
                node = Step(node);
            else if (Take('['))
            {
                node = new CallNode("[]", node, [Binary(0)]);
                White();
                if (!Take(']'))
                    throw Wrong("']' is missing");
            }
            else
                return node;
        }
    }

    private PathNode Term()
    {
        White();
        if (at == text.Length)
            throw Wrong("something is missing");
        var c = text[at];
        if (Take('('))
        {
            var inner = Binary(0);
            White();
            return Take(')') ? inner : throw Wrong("')' is missing");
        }
        if (Take('{'))
        {
            White();
            return Take('}') ? new LiteralNode(null) : throw Wrong("'}' is missing");
        }
        if (c is '\'' or '"')
            return new LiteralNode(Quoted(c));
        if (c == '@')
            return Date();
        if (char.IsAsciiDigit(c))
            return Number();
        if (c is '$' or '%')
        {
            at++;
            return (c, Word()) switch
            {
                ('$', "this") => new ThisNode(),
                ('%', "resource" or "rootResource" or "context") => new ResourceNode(),
                _ => throw Wrong("this variable is unknown"),
            };
        }
        return Step(null);
    }

    /// <summary>A name or a call, on what stands before it or on the focus.</summary>
    private PathNode Step(PathNode? target)
    {
        White();
        if (at < text.Length && text[at] == '$')
        {
            at++;
            return Word() == "this" && target is null ? new ThisNode() : throw Wrong("this variable is unknown");
        }
        var isQuoted = at < text.Length && text[at] is '`' or '"';
        var name = isQuoted ? Quoted(text[at]) : Word();
        if (target is null && !isQuoted && name is "true" or "false")
            return new LiteralNode(name == "true");
        White();
        if (isQuoted || !Take('('))
            return new NameNode(target, name);
        var arguments = new List<PathNode>();
        White();
        while (!Take(')'))
        {
            if (arguments.Count > 0 && !Take(','))
                throw Wrong("',' or ')' is missing");
            if (arguments.Count == CallNode.MaxArguments)
                throw Wrong("there are too many arguments");
            arguments.Add(name is "ofType" or "as" or "is" && target is not null ? new LiteralNode(TypeName()) : Binary(0));
            White();
        }
        return name is "as" or "is" && target is not null
            ? new TypeNode(target, arguments is [LiteralNode { Value: string type }] ? type : throw Wrong("a type is missing"), name == "is")
            : CallNode.Make(name, target, arguments, what => Wrong(what));
    }

    private LiteralNode Date()
    {
        var start = ++at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is 'T' or 'Z' or ':' or '.' || (text[at] is '-' or '+' && at > start)))
            at++;
        // A dot that begins a call ("@2020.toString()") is not of the date.
        while (at > start && text[at - 1] == '.')
            at--;
        var written = text[start..at];
        if (written.StartsWith('T'))
            return new LiteralNode(new PathTime(written[1..]));
        return PathDate.TryParse(written, out var date) ? new LiteralNode(date) : throw Wrong("this is no date");
    }

    private LiteralNode Number()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || (text[at] == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))))
            at++;
        return decimal.TryParse(text.AsSpan(start, at - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? new LiteralNode(number) : throw Wrong("this is no number");
    }

    private string TypeName()
    {
        White();
        var name = at < text.Length && text[at] is '\'' or '"' or '`' ? Quoted(text[at]) : Word();
        return name is "FHIR" or "System" && Take('.') ? Word() : name;
    }

    private string Word()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            at++;
        return at > start && !char.IsAsciiDigit(text[start]) ? text[start..at] : throw Wrong("a name is missing");
    }

    private string Quoted(char quote)
    {
        at++;
        var value = new StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            var c = text[at++];
            if (c != '\\')
            {
                value.Append(c);
                continue;
            }
            var escape = at < text.Length ? text[at++] : '\0';
            if (escape == 'u' && at + 4 <= text.Length && ushort.TryParse(text.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                value.Append((char)unit);
                at += 4;
            }
            else
                value.Append(escape switch
                {
                    '\'' or '"' or '`' or '\\' or '/' => $"{escape}",
                    'n' => "\n",
                    'r' => "\r",
                    't' => "\t",
                    'f' => "\f",
                    // Patterns are written with single backslashes in many configurations.
                    _ => $"\\{escape}",
                });
        }
        return at++ < text.Length ? value.ToString() : throw Wrong("the quote is not closed");
    }

    private string? TakeOperator(string[] operators)
    {
        White();
        foreach (var candidate in operators)
        {
            if (string.CompareOrdinal(text, at, candidate, 0, candidate.Length) != 0)
                continue;
            var end = at + candidate.Length;
            if (char.IsAsciiLetter(candidate[0]) && end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
                continue;
            at = end;
            return candidate;
        }
        return null;
    }

    private void White()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
    }

    private bool Take(char c)
    {
        if (at == text.Length || text[at] != c)
            return false;
        at++;
        return true;
    }
}
