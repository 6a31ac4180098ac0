using System.Text.Json;

namespace Salus.Hosting;

/// <summary>How servers read the JSON of a request: what its type says is there is there, and once.</summary>
public static class StrictJson
{
    public static void Apply(JsonSerializerOptions json)
    {
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.AllowDuplicateProperties = false;
    }
}
