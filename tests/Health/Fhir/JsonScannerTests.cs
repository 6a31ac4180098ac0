using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Salus.Health.Fhir;

namespace Salus.Health.Tests.Fhir;

/// <summary>The scanner against .NET's reader: the same files are JSON, token by token.</summary>
public class JsonScannerTests
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = FhirLimits.Depth };

    [Theory]
    [InlineData(JsonScanner.UsualBuffer)]
    [InlineData(1)]
    [InlineData(7)]
    public void TokensAreThoseOfUtf8JsonReader(int buffer)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var file = new GeneratedBundle(seed).File;
            if (file.AsSpan().StartsWith("\uFEFF"u8))
                file = file[3..];
            var scanner = Scanner(file, buffer);
            var reader = new Utf8JsonReader(file, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = FhirLimits.Depth });
            while (scanner.Read() != JsonToken.End)
            {
                Assert.True(reader.Read());
                Assert.Equal(reader.TokenStartIndex, scanner.TokenStart);
                if (scanner.Token is JsonToken.String or JsonToken.Name && scanner.Text.Length < FhirLimits.Text)
                {
                    Assert.Equal(reader.GetString(), Encoding.UTF8.GetString(scanner.Text));
                    Assert.Equal(scanner.TokenStart + reader.ValueSpan.Length + 2, scanner.TokenEnd);
                }
                Assert.Equal(reader.TokenType switch
                {
                    JsonTokenType.PropertyName => JsonToken.Name,
                    JsonTokenType.StartObject => JsonToken.StartObject,
                    JsonTokenType.EndObject => JsonToken.EndObject,
                    JsonTokenType.StartArray => JsonToken.StartArray,
                    JsonTokenType.EndArray => JsonToken.EndArray,
                    JsonTokenType.String => JsonToken.String,
                    JsonTokenType.Number => JsonToken.Number,
                    JsonTokenType.True => JsonToken.True,
                    JsonTokenType.False => JsonToken.False,
                    _ => JsonToken.Null,
                }, scanner.Token);
            }
            Assert.False(reader.Read());
        }
    }

    /// <summary>Damage at random places: both refuse, or both accept.</summary>
    [Fact]
    public void WhatIsNoJsonToDotNetIsNoneHere()
    {
        var random = new Random(17);
        var (accepted, refused) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var file = "{\"a\":[1,-2.5e+3,{\"b\":\"x\\u00e9\\n€😀\",\"c\":null},true,false],\"d\":{},\"e\":[[]],\"aa\":\"\"}"u8.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--)
                file[random.Next(file.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : "{}[]\":,0123456789.eE+-\\ntu abd"u8[random.Next(30)];
            var isJson = IsJson(file);
            Assert.True(isJson == IsJsonHere(file, JsonScanner.UsualBuffer), Convert.ToHexString(file));
            Assert.Equal(isJson, IsJsonHere(file, 3));
            (accepted, refused) = isJson ? (accepted + 1, refused) : (accepted, refused + 1);
        }
        Assert.InRange(accepted, 1000, 19_000);
    }

    private static bool IsJson(byte[] file)
    {
        // .NET looks at the characters of a string only when it is asked for.
        if (!Utf8.IsValid(file))
            return false;
        try
        {
            JsonDocument.Parse(file, Strict).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsJsonHere(byte[] file, int buffer)
    {
        try
        {
            var scanner = Scanner(file, buffer);
            scanner.Read();
            scanner.SkipValue();
            return scanner.Read() == JsonToken.End;
        }
        catch (FhirFormatException)
        {
            return false;
        }
    }

    private static JsonScanner Scanner(byte[] file, int buffer) => new(new SourceBytes(new MemoryStream(file)), 0, file.Length, buffer: buffer);
}
