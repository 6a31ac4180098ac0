using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Salus.Hosting;

/// <summary>Reads a server's options from its JSON file: camel case, comments allowed, an unknown member is an error.</summary>
internal static class OptionsFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="StartupException">With exit code 2 and every fault that was found.</exception>
    public static TOptions Read<TOptions>(string path) where TOptions : ServerOptions
    {
        TOptions? options;
        try
        {
            options = JsonSerializer.Deserialize<TOptions>(File.ReadAllBytes(path), Format);
        }
        catch (JsonException error)
        {
            throw StartupException.Configuration([$"{path}: {error.Message}"]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StartupException.Configuration([$"{path}: {error.Message}"]);
        }
        if (options is null)
            throw StartupException.Configuration([$"{path}: is null; an object is expected"]);
        Check(options, path);
        return options;
    }

    public static void Check(ServerOptions options, string source)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        var faults = results
            .Select(result => $"{JsonNamingPolicy.CamelCase.ConvertName(result.MemberNames.FirstOrDefault() ?? "options")}: {result.ErrorMessage}")
            .Concat(options.Faults())
            .Select(fault => $"{source}: {fault}")
            .ToList();
        if (faults.Count > 0)
            throw StartupException.Configuration(faults);
    }
}
